using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Artifacts;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContentView))]
internal sealed partial class ArtifactsJson : JsonSerializerContext;
