using System.Text.Encodings.Web;
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
internal sealed partial class PoliciesJson : JsonSerializerContext
{
    /// <summary>For answers: comparators and letters of all scripts as they are.</summary>
    public static PoliciesJson Relaxed { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
