using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>A window against windows before it.</summary>
/// <param name="Reference"><c>previous</c> or <c>rolling(k)</c>.</param>
/// <param name="Windows">The ids of those that it was compared with, the latest last; empty: there were none, and nothing was compared.</param>
/// <param name="Columns">As those of the result, but with what was then in the place of the baseline.</param>
/// <param name="Dataset">The same of the window as a whole.</param>
public sealed record ProfileComparison(string Reference, ImmutableArray<string> Windows, ImmutableArray<ColumnResult> Columns, ImmutableArray<MetricResult> Dataset);
