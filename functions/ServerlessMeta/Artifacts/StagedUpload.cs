using ServerlessMeta.Access;

namespace ServerlessMeta.Artifacts;

/// <summary>Bytes that an uploader puts straight into storage, under a name of their own, and which a path gets once they are there.</summary>
/// <param name="Blob">Where they are put.</param>
/// <param name="ContentType">As announced.</param>
/// <param name="ExpiresAt">When the address is no longer good.</param>
/// <param name="By">Who asked for the address, and so stores the file when the bytes are taken in, whoever reads them first; null: it was not noted.</param>
internal sealed record StagedUpload(string Blob, string ContentType, DateTimeOffset ExpiresAt, Caller? By)
{
    /// <summary>Whether the address lets its holder write again: then the bytes are copied before they are taken as what they were hashed as.</summary>
    public bool IsRewritable => Blob.StartsWith(ContentKeys.Parts, StringComparison.Ordinal);
}
