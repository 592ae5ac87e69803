using ServerlessMeta.Experiments;
using ServerlessMeta.Search;

namespace ServerlessMeta.Mlflow.Experiments;

/// <summary>What a query over experiments may name.</summary>
internal static class ExperimentSchema
{
    public static readonly FieldSchema Schema = new()
    {
        Prefixes = [new FieldPrefix(FieldKind.Attribute, ["attribute", "attributes", "attr"]), new FieldPrefix(FieldKind.Tag, ["tags", "tag"])],
        Attributes =
        [
            new FieldDefinition(ExperimentFields.Name, FieldType.Text, ["name"]) { Comparators = Comparators.Text },
            new FieldDefinition(ExperimentFields.CreatedAt, FieldType.Number, ["creation_time"]),
            new FieldDefinition(ExperimentFields.UpdatedAt, FieldType.Number, ["last_update_time"]),
            new FieldDefinition(ExperimentFields.Id, FieldType.Number, ["experiment_id"]) { Filterable = false },
        ],
        OrderKinds = [FieldKind.Attribute],
    };
}
