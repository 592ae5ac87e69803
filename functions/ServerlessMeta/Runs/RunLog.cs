using System.Collections.Immutable;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>One log call: stored whole or not at all.</summary>
public sealed record RunLog(ImmutableArray<MetricPoint> Points, ImmutableArray<Tag> Params, ImmutableArray<Tag> Tags)
{
    /// <summary>When set, the run is renamed in the same step.</summary>
    public string? Name { get; init; }
}
