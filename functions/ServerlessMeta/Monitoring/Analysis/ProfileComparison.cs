using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>One profile against another: what a window says of its columns, and of itself as a whole.</summary>
/// <param name="Reference">What it was compared with: <c>training</c> (the baseline), <c>previous</c> or <c>rolling(k)</c>.</param>
public sealed record ProfileComparison(string Reference, ImmutableArray<ColumnResult> Columns, ImmutableArray<MetricResult> Dataset);
