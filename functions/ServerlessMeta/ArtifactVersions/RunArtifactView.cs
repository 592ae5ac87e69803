namespace ServerlessMeta.ArtifactVersions;

/// <summary>A version that a run made or used.</summary>
public sealed record RunArtifactView(string Name, long Version, string Direction, string? Context = null)
{
    internal static RunArtifactView From(VersionUse use) => new(use.Name, use.Number, VersionRunView.WordOf(use.Direction), use.Context);
}
