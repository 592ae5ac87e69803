namespace ServerlessMeta.Metrics;

/// <summary>How many points a stored series has, and from when to when.</summary>
internal readonly record struct SeriesRange(int Count, long From, long To);
