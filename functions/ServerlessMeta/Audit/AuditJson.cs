using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Audit;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(SealState))]
internal sealed partial class AuditJson : JsonSerializerContext;
