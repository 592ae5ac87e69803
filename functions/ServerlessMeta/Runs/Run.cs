using System.Collections.Immutable;
using ServerlessMeta.Datasets;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>A run with its latest metrics, params, tags and inputs.</summary>
public sealed record Run
{
    public required RunInfo Info { get; init; }

    /// <summary>The latest point of each metric: the maximum by (step, timestamp, value).</summary>
    public ImmutableArray<MetricPoint> Metrics { get; init; } = [];

    public ImmutableArray<Tag> Params { get; init; } = [];

    public ImmutableArray<Tag> Tags { get; init; } = [];

    public ImmutableArray<DatasetInput> Datasets { get; init; } = [];

    public ImmutableArray<ModelInput> Models { get; init; } = [];

    public ImmutableArray<ModelOutput> Outputs { get; init; } = [];

    /// <summary>The digest of the environment that the run ran in; null when none is known.</summary>
    public string? EnvironmentDigest { get; init; }

    /// <summary>The digest of how it was launched there; null when nobody said.</summary>
    public string? LaunchDigest { get; init; }

    /// <summary>Grows with each write; of a run that was not read from the store: 0.</summary>
    public long Revision { get; init; }
}
