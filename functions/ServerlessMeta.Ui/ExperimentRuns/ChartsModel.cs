using System.Collections.Immutable;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>What the charts of an experiment begin with; a script loads the numbers.</summary>
/// <param name="Numbers">Where the runs' metrics and params come from.</param>
/// <param name="Metrics">Their names, those of more runs first, each with whether more is better.</param>
/// <param name="Params">Their names.</param>
/// <param name="Runs">Those that were chosen; empty: the first ones.</param>
public sealed record ChartsModel(string Numbers, ImmutableArray<ChartsModel.Metric> Metrics, ImmutableArray<string> Params, ImmutableArray<string> Runs)
{
    /// <param name="Name">Of the metric.</param>
    /// <param name="MoreIsBetter">Null when nobody knows.</param>
    public sealed record Metric(string Name, bool? MoreIsBetter);
}
