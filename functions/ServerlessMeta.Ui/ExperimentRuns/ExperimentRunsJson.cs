using System.Text.Json.Serialization;

namespace ServerlessMeta.Ui.ExperimentRuns;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ChartsModel))]
[JsonSerializable(typeof(FieldNames))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class ExperimentRunsJson : JsonSerializerContext;
