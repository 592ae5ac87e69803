using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Monitoring;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(MonitoringView))]
[JsonSerializable(typeof(OptionsView))]
[JsonSerializable(typeof(BaselineView))]
[JsonSerializable(typeof(BaselinePage))]
[JsonSerializable(typeof(WindowView))]
[JsonSerializable(typeof(WindowPage))]
[JsonSerializable(typeof(PostedPartView))]
[JsonSerializable(typeof(BatchView))]
[JsonSerializable(typeof(WaitingPage))]
[JsonSerializable(typeof(ResultPage))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(ComputedView))]
[JsonSerializable(typeof(MonitorPage))]
internal sealed partial class MonitoringJson : JsonSerializerContext
{
    /// <summary>Writes letters as they are: what is answered is JSON, not a part of a page.</summary>
    public static MonitoringJson Relaxed => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
