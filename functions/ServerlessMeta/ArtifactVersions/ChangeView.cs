namespace ServerlessMeta.ArtifactVersions;

/// <summary>A named text in both versions; absent where a version has none.</summary>
public sealed record ChangeView(string Name, string? From = null, string? To = null)
{
    internal static ChangeView Of(TextChange change) => new(change.Name, change.From, change.To);
}
