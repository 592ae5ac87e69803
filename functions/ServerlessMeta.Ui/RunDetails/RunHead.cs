namespace ServerlessMeta.Ui.RunDetails;

/// <summary>What stands above every tab of a run.</summary>
public sealed record RunHead
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Status { get; init; }

    public required string StatusKind { get; init; }

    public required bool IsRunning { get; init; }

    /// <summary>Where it stood when it was read.</summary>
    public required string Position { get; init; }

    public required bool IsDeleted { get; init; }

    public required string ExperimentId { get; init; }

    public required string ExperimentName { get; init; }

    public required string User { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Null while it goes on: a page that says it changes with each second.</summary>
    public TimeSpan? Duration { get; init; }

    public string? Source { get; init; }

    public string? Commit { get; init; }

    /// <summary>Where the commit is shown; null when its host is not known.</summary>
    public string? CommitAddress { get; init; }

    public string? Parent { get; init; }
}
