using System.Collections.Immutable;

namespace ServerlessMeta.ArtifactVersions;

public sealed record ArtifactPage(ImmutableArray<ArtifactView> Artifacts, string? NextPageToken = null);
