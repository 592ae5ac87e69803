namespace ServerlessMeta.ArtifactVersions;

public sealed record SizeChangeView(long? From, long? To);
