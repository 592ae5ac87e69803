using System.Text.Json;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>
/// The body of a registration, for the description of the API: <c>type</c> is dataset, model, predictions, image, table, code or other; one of the digests is needed.
/// It is read by <see cref="RegistrationReader"/>, which finds every fault.
/// </summary>
public sealed record RegisterArtifact(
    string Name, string Type, string Uri, string? Md5 = null, string? Sha256 = null, string? Digest = null, long? Size = null, JsonElement? Schema = null,
    IReadOnlyDictionary<string, string>? Metadata = null, string? ProducedBy = null, string? Description = null);
