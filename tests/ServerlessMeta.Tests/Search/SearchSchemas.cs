using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

/// <summary>Schemas as the MLflow dialect passes them in.</summary>
internal static class SearchSchemas
{
    public static readonly FieldSchema Runs = new()
    {
        Prefixes =
        [
            new FieldPrefix(FieldKind.Attribute, ["attributes", "attribute", "attr", "run"]), new FieldPrefix(FieldKind.Metric, ["metrics", "metric"]),
            new FieldPrefix(FieldKind.Param, ["params", "param", "parameter", "parameters"]), new FieldPrefix(FieldKind.Tag, ["tags", "tag"]),
            new FieldPrefix(FieldKind.Dataset, ["datasets", "dataset"]), new FieldPrefix(FieldKind.Package, ["packages", "package"]),
        ],
        Attributes =
        [
            new FieldDefinition(RunFields.Id, FieldType.Text, ["run_id"]),
            new FieldDefinition(RunFields.Name, FieldType.Text, ["run_name", "run name", "Run name", "Run Name"]),
            new FieldDefinition(RunFields.UserId, FieldType.Text, ["user_id"]),
            new FieldDefinition(RunFields.Status, FieldType.Text, ["status"]),
            new FieldDefinition(RunFields.ArtifactLocation, FieldType.Text, ["artifact_uri"]),
            new FieldDefinition(RunFields.StartedAt, FieldType.Number, ["start_time", "created", "Created"]),
            new FieldDefinition(RunFields.EndedAt, FieldType.Number, ["end_time"]),
        ],
        Datasets =
        [
            new FieldDefinition(RunFields.DatasetName, FieldType.Text, ["name"]),
            new FieldDefinition(RunFields.DatasetDigest, FieldType.Text, ["digest"]),
            new FieldDefinition(RunFields.DatasetContext, FieldType.Text, ["context"]),
        ],
        TagAliases = ImmutableDictionary<string, string>.Empty.Add("mlflow.runName", RunFields.Name),
    };

    public static readonly FieldSchema Experiments = new()
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

    /// <summary>A schema whose tag reads as 'false' where it is missing, as that of registered models.</summary>
    public static readonly FieldSchema Flagged = new()
    {
        Prefixes = [new FieldPrefix(FieldKind.Attribute, ["attribute"]), new FieldPrefix(FieldKind.Tag, ["tag", "tags"])],
        TagDefaults = ImmutableDictionary<string, string>.Empty.Add("mlflow.prompt.is_prompt", "false"),
    };
}
