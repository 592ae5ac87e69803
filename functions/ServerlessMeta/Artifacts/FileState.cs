using Azure;
using ServerlessMeta.Audit;

namespace ServerlessMeta.Artifacts;

/// <summary>What lies at a path: a file, bytes that are being put there, both, or a mark that it is a folder.</summary>
internal sealed record FileState(ArtifactPath Path, StoredFile? File, StagedUpload? Staged, string Write, ETag ETag)
{
    /// <summary>The end of the file's chain of entries, as its row has it.</summary>
    public AuditHead Head { get; init; } = AuditHead.None;

    /// <summary>The digest of the file; null when there is none.</summary>
    public string? Digest { get; init; }

    public bool IsFolder => File is null && Staged is null;
}
