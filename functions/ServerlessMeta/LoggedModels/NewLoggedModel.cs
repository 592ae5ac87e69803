using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.LoggedModels;

/// <summary>What a caller says of a new logged model.</summary>
public sealed record NewLoggedModel(ExperimentId Experiment, string Name)
{
    public string? Type { get; init; }

    public string? SourceRunId { get; init; }

    public ImmutableArray<Tag> Params { get; init; } = [];

    public ImmutableArray<Tag> Tags { get; init; } = [];

    /// <summary>When set, a repeated creation in the same experiment answers the model that the first one made.</summary>
    public string? IdempotencyKey { get; init; }
}
