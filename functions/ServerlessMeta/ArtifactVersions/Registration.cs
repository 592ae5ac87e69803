using System.Collections.Immutable;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>What is said of a content: its artifact, at least one digest, and what else is known.</summary>
public sealed record Registration(string Name, ArtifactType Type, ArtifactDigests Digests, string? Location)
{
    public long? Size { get; init; }

    /// <summary>JSON.</summary>
    public string? Schema { get; init; }

    public ImmutableArray<Tag> Metadata { get; init; } = [];

    public RunId? ProducedBy { get; init; }

    public string? Description { get; init; }

    /// <summary>Whether it comes with the log of a run, which is not refused for a name that has another type or for a location too many.</summary>
    public bool IsNote { get; init; }
}
