using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Triggers;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    Converters = [typeof(RuleModeJson), typeof(TriggerStatusJson), typeof(TriggerDeliveryStatusJson)])]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(RuleState))]
[JsonSerializable(typeof(Trigger))]
[JsonSerializable(typeof(SetRule))]
[JsonSerializable(typeof(RuleView))]
[JsonSerializable(typeof(RulePage))]
[JsonSerializable(typeof(RuleDefaults))]
[JsonSerializable(typeof(DryRunView))]
[JsonSerializable(typeof(TriggerView))]
[JsonSerializable(typeof(TriggerPage))]
[JsonSerializable(typeof(RetrainStarted))]
[JsonSerializable(typeof(RetrainCompleted))]
internal sealed partial class TriggersJson : JsonSerializerContext
{
    /// <summary>For answers: comparators and letters of all scripts as they are.</summary>
    public static TriggersJson Relaxed { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new RuleModeJson(), new TriggerStatusJson(), new TriggerDeliveryStatusJson() },
    });
}
