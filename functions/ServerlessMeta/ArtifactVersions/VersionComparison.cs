using System.Collections.Immutable;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>What differs between two versions of an artifact; what is equal is left out.</summary>
public sealed record VersionComparison
{
    public required ArtifactVersion From { get; init; }

    public required ArtifactVersion To { get; init; }

    /// <summary>Of each kind, the two digests; null where a version has none of it.</summary>
    public required ImmutableArray<(DigestKind Kind, string? From, string? To)> Digests { get; init; }

    public bool IsSizeChanged => From.Size != To.Size;

    /// <summary>Whether one schema differs from the other as JSON.</summary>
    public required bool IsSchemaChanged { get; init; }

    /// <summary>Columns by name with their types (null: no such column); null when a schema is no list of columns.</summary>
    public required ImmutableArray<TextChange>? Columns { get; init; }

    public required ImmutableArray<TextChange> Metadata { get; init; }

    public required ImmutableArray<string> AddedLocations { get; init; }

    public required ImmutableArray<string> RemovedLocations { get; init; }

    public static VersionComparison Of(ArtifactVersion from, ArtifactVersion to) => new()
    {
        From = from,
        To = to,
        Digests = [.. Enum.GetValues<DigestKind>().Select(kind => (kind, from.Digests[kind], to.Digests[kind])).Where(static digest => digest.Item2 != digest.Item3)],
        IsSchemaChanged = !SchemaColumns.AreEqual(from.Schema, to.Schema),
        Columns = SchemaColumns.Read(from.Schema) is { } before && SchemaColumns.Read(to.Schema) is { } after ? TextChange.Between(before, after) : null,
        Metadata = TextChange.Between(from.Metadata.Select(static pair => KeyValuePair.Create(pair.Key, pair.Value)), to.Metadata.Select(static pair => KeyValuePair.Create(pair.Key, pair.Value))),
        AddedLocations = [.. to.Locations.Except(from.Locations, StringComparer.Ordinal)],
        RemovedLocations = [.. from.Locations.Except(to.Locations, StringComparer.Ordinal)],
    };
}
