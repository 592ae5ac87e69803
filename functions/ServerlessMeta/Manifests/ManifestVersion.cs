namespace ServerlessMeta.Manifests;

/// <summary>A manifest that was written.</summary>
/// <param name="Digest">SHA-256 of its bytes, 64 lower-case hex digits.</param>
/// <param name="WrittenAt">When it was first asked for.</param>
/// <param name="Size">In bytes.</param>
public sealed record ManifestVersion(string Digest, DateTimeOffset WrittenAt, long Size);
