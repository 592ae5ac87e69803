using System.Text.Json.Serialization;

namespace ServerlessMeta.Ui.ExperimentRuns;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ChartsModel))]
[JsonSerializable(typeof(FieldNames))]
internal sealed partial class ExperimentRunsJson : JsonSerializerContext;
