namespace ServerlessMeta.ArtifactVersions;

/// <summary>The newest version in brief.</summary>
public sealed record LatestVersionView(long Version, string? Md5, string? Sha256, string? Digest, long? Size, string? Uri, DateTimeOffset Created);
