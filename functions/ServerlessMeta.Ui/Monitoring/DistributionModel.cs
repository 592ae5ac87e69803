using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>How a column's values are spread, in the baseline and in a window.</summary>
/// <param name="IsNumeric">Bars are ranges of values; else categories.</param>
/// <param name="Bars">In the order of their ranges; of categories the most frequent first.</param>
/// <param name="ReferenceRows">Values of the baseline, and of them missing.</param>
/// <param name="Remark">What is to be known of it; null: nothing.</param>
public sealed record DistributionModel(bool IsNumeric, ImmutableArray<DistributionBar> Bars, long ReferenceRows, double ReferenceMissing, long CurrentRows, double CurrentMissing, string? ReferenceMean, string? CurrentMean, string? Remark);
