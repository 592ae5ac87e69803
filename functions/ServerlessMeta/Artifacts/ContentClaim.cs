using Azure;

namespace ServerlessMeta.Artifacts;

/// <summary>Which blob has the bytes of a digest.</summary>
/// <param name="Content">The bytes' digests.</param>
/// <param name="Blob">Its name.</param>
/// <param name="ClaimedAt">When a file was last given these bytes, an hour more or less.</param>
/// <param name="LostAt">When a sweep first found no file with these bytes; null: never, or used again since.</param>
/// <param name="IsDamaged">Whether a verification found other bytes in the blob.</param>
/// <param name="ETag">Of the row.</param>
internal sealed record ContentClaim(ContentDigests Content, string Blob, DateTimeOffset ClaimedAt, DateTimeOffset? LostAt, bool IsDamaged, ETag ETag);
