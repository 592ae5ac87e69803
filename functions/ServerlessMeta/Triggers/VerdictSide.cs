namespace ServerlessMeta.Triggers;

/// <summary>One of two versions that are compared.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Value">The metric over the windows, or in the evaluation.</param>
/// <param name="Low">Its interval, 95 %, where it is known.</param>
/// <param name="N">How many values.</param>
/// <param name="Windows">How many windows; 0: an evaluation.</param>
/// <param name="From">The start of the first.</param>
/// <param name="To">The end of the last.</param>
public sealed record VerdictSide(int Version, double Value, double? Low, double? High, long N, int Windows, DateTimeOffset? From, DateTimeOffset? To);
