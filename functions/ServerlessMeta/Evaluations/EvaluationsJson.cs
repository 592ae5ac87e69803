using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Evaluations;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(RecordEvaluation))]
[JsonSerializable(typeof(EvaluationView))]
[JsonSerializable(typeof(EvaluationPage))]
[JsonSerializable(typeof(EvaluationComparisonView))]
internal sealed partial class EvaluationsJson : JsonSerializerContext;
