using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Experiments;

/// <summary>A named group of runs.</summary>
public sealed record Experiment
{
    public required ExperimentId Id { get; init; }

    /// <summary>Unique among all experiments, deleted ones included.</summary>
    public required string Name { get; init; }

    /// <summary>Null: the dialect's default place, made from the id.</summary>
    public string? ArtifactLocation { get; init; }

    public required LifecycleStage Stage { get; init; }

    /// <summary>Counts deletions and restorations. A run of an older epoch has this experiment's stage.</summary>
    public required int Epoch { get; init; }

    /// <summary>log2 of the number of partitions that new runs spread over.</summary>
    public required int PartitionBits { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public ImmutableArray<Tag> Tags { get; init; } = [];
}
