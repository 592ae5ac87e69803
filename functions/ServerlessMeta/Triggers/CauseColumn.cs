namespace ServerlessMeta.Triggers;

/// <summary>A column, or a metric of a window as a whole, by which a condition was judged.</summary>
/// <param name="Column">Null: the window as a whole.</param>
/// <param name="Low">Bounds of the value, where they are known.</param>
/// <param name="Reference">The same of the baseline, where it has one.</param>
public sealed record CauseColumn(string? Column, string Metric, double Value, double? P, double? Low, double? High, double? Reference, long N);
