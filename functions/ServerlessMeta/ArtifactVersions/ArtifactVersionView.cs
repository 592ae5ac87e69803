using System.Collections.Immutable;
using System.Text.Json;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>A version as it is answered; <c>uri</c> is the first of the locations.</summary>
public sealed record ArtifactVersionView(
    string Name, long Version, string Type, string? Md5, string? Sha256, string? Digest, long? Size, string? Uri, ImmutableArray<string> Locations, JsonElement? Schema,
    IReadOnlyDictionary<string, string> Metadata, string? ProducedBy, string? Description, DateTimeOffset Created, DateTimeOffset Updated, long Revision)
{
    internal static ArtifactVersionView From(ArtifactVersion version) => new(
        version.Name, version.Number, ArtifactTypes.WordOf(version.Type), version.Digests.Md5, version.Digests.Sha256, version.Digests.Opaque, version.Size,
        version.Locations.FirstOrDefault(), version.Locations, version.Schema is { } schema ? Parse(schema) : null,
        version.Metadata.ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal), version.ProducedBy?.ToString(), version.Description,
        version.CreatedAt, version.UpdatedAt, version.Revision);

    private static JsonElement Parse(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.Clone();
    }
}
