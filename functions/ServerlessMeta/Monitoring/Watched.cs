namespace ServerlessMeta.Monitoring;

/// <summary>Something that is watched: how, and with what it is compared.</summary>
internal sealed record Watched
{
    public required MonitorTarget Target { get; init; }

    public required WatchOptions Options { get; init; }

    /// <summary>The baseline in force; null: none was given yet.</summary>
    public BaselineRecord? Baseline { get; init; }

    /// <summary>Grows with each change of options and baseline.</summary>
    public required long Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The length of its longest window: none that starts longer ago holds a moment.</summary>
    public TimeSpan Longest { get; init; }
}
