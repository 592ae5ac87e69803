using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Access;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(CreateToken))]
[JsonSerializable(typeof(TokenView))]
[JsonSerializable(typeof(TokenPage))]
[JsonSerializable(typeof(CallerView))]
internal sealed partial class AccessJson : JsonSerializerContext;
