using System.Text.Encodings.Web;
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
internal sealed partial class EvaluationsJson : JsonSerializerContext
{
    /// <summary>For answers: comparators and letters of all scripts as they are.</summary>
    public static EvaluationsJson Relaxed { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
