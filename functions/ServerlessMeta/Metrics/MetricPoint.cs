namespace ServerlessMeta.Metrics;

/// <summary>
/// A point of a metric: a set member, so repeating it changes nothing. <paramref name="Timestamp"/> is in Unix milliseconds as the client sent it
/// (any int64); NaN and infinities are kept.
/// </summary>
public readonly record struct MetricPoint(string Key, double Value, long Timestamp, long Step);
