using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>What charts of monitoring are drawn from.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImmutableArray<PerformancePoint>))]
internal sealed partial class MonitoringChartJson : JsonSerializerContext;
