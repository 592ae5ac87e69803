using System.Collections.Immutable;

namespace ServerlessMeta.Manifests;

/// <summary>Everything a run read and made, as it was when the manifest was written. The same things give the same bytes, so its SHA-256 names it.</summary>
public sealed record RunManifest
{
    /// <summary>Of this shape.</summary>
    public int Format { get; init; } = 1;

    public required string RunId { get; init; }

    public required string ExperimentId { get; init; }

    /// <summary>The digest of the environment the run ran in; null when none is known.</summary>
    public string? Environment { get; init; }

    public required ImmutableArray<ManifestEntry> Inputs { get; init; }

    public required ImmutableArray<ManifestEntry> Outputs { get; init; }
}
