using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Manifests;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunManifest))]
[JsonSerializable(typeof(ManifestDiff))]
[JsonSerializable(typeof(Paged<ManifestVersion>))]
internal sealed partial class ManifestsJson : JsonSerializerContext;
