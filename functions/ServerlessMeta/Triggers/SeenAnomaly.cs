namespace ServerlessMeta.Triggers;

/// <summary>An anomaly that a trigger told of.</summary>
/// <param name="Name">See <see cref="TimeFacts.NameOf"/>.</param>
/// <param name="At">When it was found.</param>
internal sealed record SeenAnomaly(string Name, DateTimeOffset At);
