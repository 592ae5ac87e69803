using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>What a caller says of a new run.</summary>
public sealed record NewRun(ExperimentId Experiment, string Name, string UserId, DateTimeOffset StartedAt, ImmutableArray<Tag> Tags)
{
    /// <summary>When set, a repeated creation in the same experiment answers the run that the first one made.</summary>
    public string? IdempotencyKey { get; init; }
}
