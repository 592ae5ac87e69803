namespace ServerlessMeta.Artifacts;

/// <summary>An entry of the audit of content: a verification found other bytes than were stored, or none.</summary>
/// <param name="At">When it was found.</param>
/// <param name="Blob">The blob.</param>
/// <param name="Path">The file that was read.</param>
/// <param name="Found">What the bytes are now; null: there are none.</param>
public sealed record ContentFault(DateTimeOffset At, string Blob, string Path, ContentDigests? Found);
