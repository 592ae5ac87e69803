using System.Collections.Immutable;

namespace ServerlessMeta.ArtifactVersions;

public sealed record RunArtifactPage(ImmutableArray<RunArtifactView> Artifacts, string? NextPageToken = null);
