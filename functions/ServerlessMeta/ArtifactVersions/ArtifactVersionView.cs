using System.Collections.Immutable;
using System.Text.Json;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>A version as it is answered; <c>uri</c> is the first of the locations.</summary>
public sealed record ArtifactVersionView
{
    public required string Name { get; init; }

    public required long Version { get; init; }

    public required string Type { get; init; }

    public string? Md5 { get; init; }

    public string? Sha256 { get; init; }

    public string? Digest { get; init; }

    public long? Size { get; init; }

    public string? Uri { get; init; }

    public required ImmutableArray<string> Locations { get; init; }

    public JsonElement? Schema { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public string? ProducedBy { get; init; }

    public string? Description { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public required long Revision { get; init; }

    internal static ArtifactVersionView From(ArtifactVersion version) => new()
    {
        Name = version.Name,
        Version = version.Number,
        Type = ArtifactTypes.WordOf(version.Type),
        Md5 = version.Digests.Md5,
        Sha256 = version.Digests.Sha256,
        Digest = version.Digests.Opaque,
        Size = version.Size,
        Uri = version.Locations.FirstOrDefault(),
        Locations = version.Locations,
        Schema = version.Schema is { } schema ? Parse(schema) : null,
        Metadata = version.Metadata.ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal),
        ProducedBy = version.ProducedBy?.ToString(),
        Description = version.Description,
        Created = version.CreatedAt,
        Updated = version.UpdatedAt,
        Revision = version.Revision,
    };

    private static JsonElement Parse(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.Clone();
    }
}
