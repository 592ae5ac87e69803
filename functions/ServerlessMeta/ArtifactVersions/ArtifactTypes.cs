namespace ServerlessMeta.ArtifactVersions;

/// <summary>The words of the types, as they are stored and answered.</summary>
internal static class ArtifactTypes
{
    public static readonly string[] Words = [.. Enum.GetNames<ArtifactType>().Select(static name => name.ToLowerInvariant())];

    public static string WordOf(ArtifactType type) => Words[(int)type];

    public static ArtifactType? Find(string word) => Array.IndexOf(Words, word) is >= 0 and var found ? (ArtifactType)found : null;
}
