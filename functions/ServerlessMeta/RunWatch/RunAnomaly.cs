using ServerlessMeta.Runs;

namespace ServerlessMeta.RunWatch;

/// <summary>Something that looks wrong in a training run's metrics.</summary>
/// <param name="Kind"><c>nan</c>, <c>spike</c>, <c>divergence</c>, <c>plateau</c>, <c>overfitting</c>.</param>
/// <param name="Value">The value at which it was seen; null when it is not finite.</param>
/// <param name="At">When the store saw it.</param>
public sealed record RunAnomaly(RunId Run, string Kind, string Metric, long Step, double? Value, DateTimeOffset At, string Detail);
