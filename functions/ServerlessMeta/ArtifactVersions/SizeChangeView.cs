namespace ServerlessMeta.ArtifactVersions;

public sealed record SizeChangeView(long? From = null, long? To = null);
