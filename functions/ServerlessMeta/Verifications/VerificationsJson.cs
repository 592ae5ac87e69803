using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Verifications;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerificationView))]
[JsonSerializable(typeof(VerificationPage))]
internal sealed partial class VerificationsJson : JsonSerializerContext;
