using System.Collections.Immutable;
using ServerlessMeta.Models;
using ServerlessMeta.Search;

namespace ServerlessMeta.Mlflow.Models;

/// <summary>What queries over registered models and over versions may name.</summary>
internal static class RegistrySchema
{
    private static readonly ImmutableArray<FieldPrefix> Prefixes = [new FieldPrefix(FieldKind.Attribute, ["attributes", "attribute", "attr"]), new FieldPrefix(FieldKind.Tag, ["tags", "tag"])];

    // The one tag that reads as something where it is missing, so that clients can ask for what is no prompt.
    private static readonly ImmutableDictionary<string, string> Defaults = ImmutableDictionary<string, string>.Empty.Add(ModelRules.PromptTag, "false");

    public static readonly FieldSchema Models = new()
    {
        Prefixes = Prefixes,
        TagDefaults = Defaults,
        OrderKinds = [FieldKind.Attribute],
        Attributes =
        [
            new FieldDefinition(RegistryFields.Name, FieldType.Text, ["name"]) { Comparators = Comparators.Text },
            new FieldDefinition(RegistryFields.UpdatedAt, FieldType.Number, ["last_updated_timestamp", "timestamp"]),
            new FieldDefinition(RegistryFields.CreatedAt, FieldType.Number, ["creation_timestamp"]),
        ],
    };

    public static readonly FieldSchema Versions = new()
    {
        Prefixes = Prefixes,
        TagDefaults = Defaults,
        OrderKinds = [FieldKind.Attribute],
        Attributes =
        [
            new FieldDefinition(RegistryFields.Name, FieldType.Text, ["name"]) { Comparators = Comparators.Text },
            new FieldDefinition(RegistryFields.Number, FieldType.Number, ["version_number", "version"]),
            new FieldDefinition(RegistryFields.Run, FieldType.Text, ["run_id"]) { Orderable = false },
            new FieldDefinition(RegistryFields.Source, FieldType.Text, ["source_path", "source"]) { Comparators = Comparators.Text, Orderable = false },
            new FieldDefinition(RegistryFields.LoggedModel, FieldType.Text, ["model_id"]) { Orderable = false },
            new FieldDefinition(RegistryFields.Stage, FieldType.Text, ["current_stage"]) { Orderable = false },
            new FieldDefinition(RegistryFields.UpdatedAt, FieldType.Number, ["last_updated_timestamp", "timestamp"]),
            new FieldDefinition(RegistryFields.CreatedAt, FieldType.Number, ["creation_timestamp"]),
        ],
    };
}
