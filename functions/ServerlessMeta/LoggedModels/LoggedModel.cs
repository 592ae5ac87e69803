using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.LoggedModels;

/// <summary>A model as a run left it, with its params, tags and metrics; its files lie under its artifact location.</summary>
public sealed record LoggedModel
{
    public required LoggedModelId Id { get; init; }

    /// <summary>Need not be unique.</summary>
    public required string Name { get; init; }

    public string? Type { get; init; }

    /// <summary>As the caller gave it: the run need not exist here.</summary>
    public string? SourceRunId { get; init; }

    public required LoggedModelStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the status last changed or the model was deleted.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Deleted when the model was, or its experiment is.</summary>
    public required LifecycleStage Stage { get; init; }

    /// <summary>The root under which the model's artifacts lie when its experiment named one at the model's creation; null: the dialect's default place.</summary>
    public string? ArtifactRoot { get; init; }

    public ImmutableArray<Tag> Params { get; init; } = [];

    public ImmutableArray<Tag> Tags { get; init; } = [];

    /// <summary>Every point, not only the latest; beyond 16,000 each metric at half the density, with its newest point. A metric (a key, of one run, on one
    /// dataset) that comes when 128 KiB of their names are kept, about 5,000, is left out: its run has it.</summary>
    public ImmutableArray<ModelMetric> Metrics { get; init; } = [];
}
