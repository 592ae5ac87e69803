using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>
/// The JSON of results: camel case, enums as words, nulls left out, letters of all scripts as they are. Strict: a NaN or an infinity is refused, since JSON has neither.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WindowResult))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    public static ResultJson Relaxed { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new WordJson<ColumnKind>(), new WordJson<ColumnRole>(), new WordJson<MetricStatus>(), new WordJson<Verdict>(), new WordJson<WindowState>() },
    });
}
