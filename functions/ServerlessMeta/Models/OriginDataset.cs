namespace ServerlessMeta.Models;

/// <summary>A dataset that the run read. <c>Version</c> is the artifact version that it is in this store; without one the run's own words are all that is known.</summary>
public sealed record OriginDataset
{
    public required string Name { get; init; }

    public long? Version { get; init; }

    public string? Md5 { get; init; }

    public string? Sha256 { get; init; }

    /// <summary>A digest of another kind.</summary>
    public string? Digest { get; init; }

    public string? Location { get; init; }

    public long? Size { get; init; }

    /// <summary>For what it was read, such as training.</summary>
    public string? Context { get; init; }
}
