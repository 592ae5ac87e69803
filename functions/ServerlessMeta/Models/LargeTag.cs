namespace ServerlessMeta.Models;

/// <summary>A tag whose value is too large for the record's own row: what the row says of it.</summary>
/// <param name="Key">The tag's key.</param>
/// <param name="Sha256">SHA-256 of the value's UTF-8, in hex.</param>
/// <param name="Bytes">The length of the value in UTF-8.</param>
public sealed record LargeTag(string Key, string Sha256, int Bytes);
