using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Policies;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(DecisionRecord))]
[JsonSerializable(typeof(SetPolicy))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PolicyPage))]
[JsonSerializable(typeof(GatesView))]
[JsonSerializable(typeof(DecisionPage))]
internal sealed partial class PoliciesJson : JsonSerializerContext;
