using System.Collections.Immutable;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;

namespace ServerlessMeta.Mlflow.Runs;

/// <summary>What a query over runs may name, and the protocol's words for what a run is.</summary>
internal static class RunSchema
{
    public const string DatasetContextTag = "mlflow.data.context";

    public static readonly RunWords Words = new(static status => RunJson.Status(status), static run => RunJson.ArtifactUri(run), DatasetContextTag);

    public static readonly FieldSchema Schema = new()
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
        TagAliases = ImmutableDictionary<string, string>.Empty.Add(Rules.NameTag, RunFields.Name),
    };
}
