using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring.Detectors;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = true, Converters = [typeof(WordJson<ModelTask>)])]
[JsonSerializable(typeof(DetectorMemory))]
internal sealed partial class DetectorsJson : JsonSerializerContext;
