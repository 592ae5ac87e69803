using System.Collections.Immutable;

namespace ServerlessMeta.Metrics;

/// <summary>A metric of a run over time, in the order (timestamp, step, value, isNaN), each point once.</summary>
public sealed record MetricSeries(string Key, ImmutableArray<MetricPoint> Points);
