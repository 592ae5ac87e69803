using System.Collections.Immutable;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>Versions without their schemas.</summary>
public sealed record VersionPage(ImmutableArray<ArtifactVersionView> Versions, string? NextPageToken = null);
