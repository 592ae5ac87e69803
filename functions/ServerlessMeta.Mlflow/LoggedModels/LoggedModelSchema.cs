using System.Collections.Immutable;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Search;

namespace ServerlessMeta.Mlflow.LoggedModels;

/// <summary>What a query over logged models may name.</summary>
internal static class LoggedModelSchema
{
    public static readonly FieldSchema Schema = new()
    {
        Prefixes =
        [
            new FieldPrefix(FieldKind.Attribute, ["attributes", "attribute", "attr"]), new FieldPrefix(FieldKind.Metric, ["metrics", "metric"]),
            new FieldPrefix(FieldKind.Param, ["params", "param", "parameter", "parameters"]), new FieldPrefix(FieldKind.Tag, ["tags", "tag"]),
        ],
        Attributes =
        [
            new FieldDefinition(LoggedModelFields.Name, FieldType.Text, ["name"]),
            new FieldDefinition(LoggedModelFields.Id, FieldType.Text, ["model_id"]),
            new FieldDefinition(LoggedModelFields.Type, FieldType.Text, ["model_type"]),
            new FieldDefinition(LoggedModelFields.Status, FieldType.Text, ["status"])
            {
                // Clients know the short word, the protocol has the long one.
                ValueAliases = Enum.GetValues<LoggedModelStatus>().ToImmutableDictionary(LoggedModelJson.Status, LoggedModelJson.Word, StringComparer.Ordinal),
            },
            new FieldDefinition(LoggedModelFields.SourceRunId, FieldType.Text, ["source_run_id"]),
            new FieldDefinition(LoggedModelFields.CreatedAt, FieldType.Number, ["creation_timestamp", "creation_time"]),
            new FieldDefinition(LoggedModelFields.UpdatedAt, FieldType.Number, ["last_updated_timestamp", "last_updated_time"]),
        ],
    };
}
