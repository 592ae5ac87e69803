using System.Collections.Immutable;

namespace ServerlessMeta.ArtifactVersions;

public sealed record VersionRunPage(ImmutableArray<VersionRunView> Runs, string? NextPageToken = null);
