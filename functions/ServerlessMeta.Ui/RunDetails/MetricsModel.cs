using System.Collections.Immutable;

namespace ServerlessMeta.Ui.RunDetails;

/// <param name="Id">The run's.</param>
/// <param name="Name">The run's.</param>
/// <param name="Filter">What names have in them; null: all are shown.</param>
/// <param name="Groups">A title and the metrics below it, those of the system last.</param>
/// <param name="Shown">How many metrics these are.</param>
/// <param name="Count">How many there are by the filter.</param>
/// <param name="Next">Where the next ones begin; null: these are the last.</param>
public sealed record MetricsModel(string Id, string Name, string? Filter, ImmutableArray<(string Title, ImmutableArray<MetricLine> Metrics)> Groups, int Shown, int Count, int? Next);
