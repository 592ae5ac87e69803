using ServerlessMeta.Runs;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>Another run, in a line.</summary>
public sealed record RunLink(string Id, string Name, string Status, string StatusKind, DateTimeOffset StartedAt)
{
    internal static RunLink Of(RunInfo run) => new(run.Id.ToString(), run.Name, RunWord.Of(run.Status), RunWord.Kind(run.Status), run.StartedAt);
}
