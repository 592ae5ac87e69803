using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring;

/// <summary>How something is watched.</summary>
/// <param name="Analysis">How it is judged.</param>
/// <param name="KeepsSample">Whether profiles keep some rows as they are, for exact tests; they may be personal.</param>
internal sealed record WatchOptions(AnalysisOptions Analysis, bool KeepsSample)
{
    public static WatchOptions Default { get; } = new(new AnalysisOptions(), false);
}
