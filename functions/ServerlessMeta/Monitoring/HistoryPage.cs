using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>The history of a metric, the windows that start last first.</summary>
/// <param name="Scope"><c>column</c>, <c>dataset</c>, <c>performance</c> or <c>estimated</c>.</param>
/// <param name="Column">Of which column; absent: of none.</param>
/// <param name="Points">A page of it; windows without the metric are left out, so a page may have few, or none, and a token.</param>
public sealed record HistoryPage(string Scope, string? Column, string Metric, ImmutableArray<HistoryPointView> Points, string? NextPageToken = null);
