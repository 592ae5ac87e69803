using System.Text.Json.Serialization;

namespace ServerlessMeta.Mlflow.Wire;

[JsonSerializable(typeof(string))]
internal sealed partial class MlflowJson : JsonSerializerContext;
