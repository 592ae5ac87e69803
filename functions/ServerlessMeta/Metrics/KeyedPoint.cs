namespace ServerlessMeta.Metrics;

/// <summary>A point of the metric that has this ordinal in its run.</summary>
internal readonly record struct KeyedPoint(int Ordinal, StoredPoint Point);
