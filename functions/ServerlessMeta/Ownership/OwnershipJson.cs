using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Ownership;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(OwnerView))]
internal sealed partial class OwnershipJson : JsonSerializerContext;
