namespace ServerlessMeta.ArtifactVersions;

/// <summary>A run that made or used a version.</summary>
public sealed record VersionRunView(string RunId, string Direction, string? Context = null)
{
    internal static VersionRunView From(VersionUse use) => new(use.Run.ToString(), WordOf(use.Direction), use.Context);

    internal static string WordOf(UseDirection direction) => direction is UseDirection.Made ? "made" : "used";
}
