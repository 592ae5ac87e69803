using Azure;

namespace ServerlessMeta.Artifacts;

/// <summary>What lies at a path: a file, bytes that are being put there, both, or a mark that it is a folder.</summary>
internal sealed record FileState(ArtifactPath Path, StoredFile? File, StagedUpload? Staged, string Write, ETag ETag)
{
    public bool IsFolder => File is null && Staged is null;
}
