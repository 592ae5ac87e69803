namespace ServerlessMeta.RunWatch;

/// <summary>An anomaly as the native API says it.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Kind"><c>nan</c>, <c>spike</c>, <c>divergence</c>, <c>plateau</c> or <c>overfitting</c>.</param>
/// <param name="Metric">The metric's key.</param>
/// <param name="Step">The step at which it was seen.</param>
/// <param name="Value">The value there; absent when it is not finite.</param>
/// <param name="At">When the store saw it.</param>
/// <param name="Detail">What was seen, in words.</param>
public sealed record RunAnomalyView(string Run, string Kind, string Metric, long Step, double? Value, DateTimeOffset At, string Detail)
{
    public static RunAnomalyView From(RunAnomaly one) => new(one.Run.ToString(), one.Kind, one.Metric, one.Step, one.Value, one.At, one.Detail);
}
