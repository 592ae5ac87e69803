namespace ServerlessMeta.Monitoring;

/// <summary>Labels that came together.</summary>
internal sealed record LabelBatch
{
    /// <summary>Unique for what is watched: what the sender said, or the digest.</summary>
    public required string Id { get; init; }

    /// <summary>Of its labels: SHA-256, 64 hex digits.</summary>
    public required string Digest { get; init; }

    public required string Blob { get; init; }

    /// <summary>How many labels.</summary>
    public required int Count { get; init; }

    /// <summary>The first and the last day of the predictions whose time is said; null: it is said of none.</summary>
    public DateOnly? FirstDay { get; init; }

    public DateOnly? LastDay { get; init; }

    /// <summary>Whether the time of some predictions is not said, so that any window may have them.</summary>
    public required bool IsUnplaced { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required string By { get; init; }

    /// <summary>The day on which it came.</summary>
    public DateOnly ReceivedOn => DateOnly.FromDateTime(ReceivedAt.UtcDateTime);

    /// <summary>Until when it waits for predictions: so long, and up to two days more, as batches are known by the days on which they came.</summary>
    public DateTimeOffset WaitsUntil(TimeSpan lag) => new DateTimeOffset(ReceivedOn, TimeOnly.MinValue, TimeSpan.Zero).AddDays(2) + lag;
}
