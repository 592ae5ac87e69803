using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>A result as the history tells it, with all of its metrics that its row holds.</summary>
/// <param name="Entry">The result in brief.</param>
/// <param name="Metrics">Every metric.</param>
/// <param name="IsWhole">False: some did not fit the row, and stand in the result alone.</param>
internal sealed record ResultMetrics(ResultEntry Entry, ImmutableArray<(MetricScope Scope, string Column, string Metric, MetricPoint Point)> Metrics, bool IsWhole);
