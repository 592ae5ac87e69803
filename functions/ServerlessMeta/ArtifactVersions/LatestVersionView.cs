namespace ServerlessMeta.ArtifactVersions;

/// <summary>The newest version in brief.</summary>
public sealed record LatestVersionView(
    long Version, DateTimeOffset Created, string? Md5 = null, string? Sha256 = null, string? Digest = null, long? Size = null, string? Uri = null);
