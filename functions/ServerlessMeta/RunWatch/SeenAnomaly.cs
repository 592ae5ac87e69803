namespace ServerlessMeta.RunWatch;

/// <summary>An anomaly as it is seen, before it is written.</summary>
internal readonly record struct SeenAnomaly(AnomalyKind Kind, string Metric, long Step, double Value, string Detail);
