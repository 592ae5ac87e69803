namespace ServerlessMeta.ArtifactVersions;

/// <summary>A named thing that has versions, wherever its bytes lie, with the newest of them in brief.</summary>
public sealed record Artifact
{
    public required string Name { get; init; }

    public required ArtifactType Type { get; init; }

    /// <summary>The number of the newest version, which is also how many there are.</summary>
    public required long Latest { get; init; }

    public required ArtifactDigests Digests { get; init; }

    public required long? Size { get; init; }

    public required string? Location { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LatestAt { get; init; }
}
