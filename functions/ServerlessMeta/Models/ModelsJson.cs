using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Models;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(KeyValuePair<string, string?>[]))]
internal sealed partial class ModelsJson : JsonSerializerContext;
