using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Previews;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Preview))]
public sealed partial class PreviewsJson : JsonSerializerContext;
