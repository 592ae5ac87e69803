namespace ServerlessMeta.Search;

/// <summary>The least and the greatest finite number in a column.</summary>
public readonly record struct ValueRange(double Low, double High);
