namespace ServerlessMeta.Triggers;

/// <summary>What rules on one target with the same actions share: the last trigger of any of them, and the retraining that is under way.</summary>
/// <param name="LastFire">By the end of its window.</param>
/// <param name="LastFireAt">By the clock.</param>
/// <param name="Decision">The trigger whose retraining is under way; null: none is.</param>
/// <param name="StartedAt">Since when.</param>
internal sealed record Flight(DateTimeOffset? LastFire, DateTimeOffset? LastFireAt, string? Decision, DateTimeOffset? StartedAt)
{
    /// <summary>A retraining of which nothing was heard for so long is thought to have crashed.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(24);

    public static Flight None { get; } = new(null, null, null, null);

    public bool IsUnderWay(DateTimeOffset now) => StartedAt is { } started && now - started < Longest;
}
