using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Messages;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QueueList))]
[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(ReplayView))]
[JsonSerializable(typeof(ReplayedView))]
internal sealed partial class MessagesJson : JsonSerializerContext
{
    /// <summary>For answers: letters of all scripts as they are.</summary>
    public static MessagesJson Relaxed { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
