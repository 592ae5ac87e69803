using System.Collections.Immutable;
using ServerlessMeta.Artifacts;

namespace ServerlessMeta.Verifications;

/// <summary>What a version is: the digest of where it comes from and of every file of it.</summary>
/// <param name="Digest">SHA-256 in hex; another when a file is changed, added or removed.</param>
/// <param name="Files">Its files, in the ordinal order of their paths; null when they lie outside of this store, and the digest knows its source alone.</param>
public sealed record VersionContent(string Digest, ImmutableArray<StoredFile>? Files);
