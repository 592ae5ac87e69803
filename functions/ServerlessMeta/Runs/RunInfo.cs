using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>What a run is, without what it logged.</summary>
public sealed record RunInfo
{
    public required RunId Id { get; init; }

    public required string Name { get; init; }

    public required string UserId { get; init; }

    public required RunStatus Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The effective stage: the run's own, or its experiment's when that was deleted or restored later.</summary>
    public required LifecycleStage Stage { get; init; }

    /// <summary>The root under which the run's artifacts lie when its experiment named one at the run's creation; null: the dialect's default place.</summary>
    public string? ArtifactRoot { get; init; }
}
