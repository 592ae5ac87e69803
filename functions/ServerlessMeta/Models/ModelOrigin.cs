using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>
/// What a version was made from, as it was found when the version was registered. It is kept with the version for ever, and does not change when the run or the logged
/// model does, or is deleted.
/// </summary>
public sealed record ModelOrigin
{
    public required DateTimeOffset ResolvedAt { get; init; }

    /// <summary>The version that this one is a copy of; all else here is that one's.</summary>
    public OriginCopy? CopiedFrom { get; init; }

    public OriginRun? Run { get; init; }

    public OriginLoggedModel? LoggedModel { get; init; }

    public OriginCode? Code { get; init; }

    public OriginEnvironment? Environment { get; init; }

    /// <summary>What the run read, each with all that is known of its content.</summary>
    public ImmutableArray<OriginDataset> Datasets { get; init; } = [];

    /// <summary>How many datasets the run read; above <see cref="Datasets"/> when not all are listed.</summary>
    public int DatasetCount { get; init; }

    /// <summary>The run's params; empty when they were too many to keep: then count and digest stand for them.</summary>
    public ImmutableArray<Tag> Params { get; init; } = [];

    public int ParamCount { get; init; }

    /// <summary>SHA-256 over all params in ordinal order of their keys, each as length and UTF-8 of key and of value; null without params.</summary>
    public string? ParamsSha256 { get; init; }

    /// <summary>The latest point of each metric of the run; empty when they were too many to keep.</summary>
    public ImmutableArray<OriginMetric> Metrics { get; init; } = [];

    public int MetricCount { get; init; }

    /// <summary>What could not be found or kept, in words.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];
}
