using System.Collections.Immutable;

namespace ServerlessMeta.ArtifactVersions;

public sealed record LocationChangeView(ImmutableArray<string> Added, ImmutableArray<string> Removed);
