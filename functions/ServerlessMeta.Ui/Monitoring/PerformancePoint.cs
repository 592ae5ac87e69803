namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A measure in a window.</summary>
/// <param name="Low">The interval, 95 %.</param>
/// <param name="Reference">What the baseline has.</param>
/// <param name="Estimated">The same without labels.</param>
/// <param name="Labels">How many labels it is by.</param>
/// <param name="Verdict">In words.</param>
/// <param name="Kind">Of its badge.</param>
public sealed record PerformancePoint(
    string Window, string Address, DateTimeOffset Start, DateTimeOffset End, double? Value, double? Low, double? High, double? Reference, double? Estimated, double? EstimatedLow, double? EstimatedHigh, long Labels, string Verdict, string Kind);
