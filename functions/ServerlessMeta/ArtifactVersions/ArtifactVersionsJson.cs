using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.ArtifactVersions;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(RegisterArtifact))]
[JsonSerializable(typeof(ArtifactView))]
[JsonSerializable(typeof(ArtifactVersionView))]
[JsonSerializable(typeof(ArtifactPage))]
[JsonSerializable(typeof(VersionPage))]
[JsonSerializable(typeof(VersionRunPage))]
[JsonSerializable(typeof(RunArtifactPage))]
[JsonSerializable(typeof(ComparisonView))]
internal sealed partial class ArtifactVersionsJson : JsonSerializerContext;
