namespace ServerlessMeta.RunWatch;

/// <summary>An anomaly in the row of the write that showed it.</summary>
internal sealed record RecordedAnomaly(AnomalyKind Kind, string Metric, long Step, double? Value, string Detail);
