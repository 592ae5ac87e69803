namespace ServerlessMeta.Artifacts;

/// <summary>A file or a folder in a folder.</summary>
/// <param name="Name">Its name there, without a slash.</param>
/// <param name="Size">In bytes; null: a folder.</param>
public sealed record ArtifactEntry(string Name, long? Size)
{
    public bool IsFolder => Size is null;
}
