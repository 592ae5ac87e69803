using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Environments;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(EnvironmentDocument))]
internal sealed partial class EnvironmentsJson : JsonSerializerContext;
