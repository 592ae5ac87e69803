using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Models;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeyValuePair<string, string?>[]))]
[JsonSerializable(typeof(ModelOrigin))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ModelView))]
[JsonSerializable(typeof(ModelPage))]
[JsonSerializable(typeof(VersionView))]
[JsonSerializable(typeof(ModelVersionPage))]
[JsonSerializable(typeof(VersionDrift))]
internal sealed partial class ModelsJson : JsonSerializerContext
{
    /// <summary>Without escapes that JSON does not need, so that what is stored has a bound.</summary>
    public static ModelsJson Relaxed { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
