using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>
/// A registered model as a row: aliases packed as pairs of texts in <c>aliases</c>; the versions of each stage and the deleted ones as runs of numbers in <c>in1 in2 in3
/// gone over</c>; tags in <c>g0 g1 ..</c> and <c>large</c>.
/// </summary>
internal static class ModelRow
{
    private const int Schema = 1;
    private const int HighestBytes = 60 * 1024;
    private static readonly ImmutableArray<ModelStage> Stages = [ModelStage.Staging, ModelStage.Production, ModelStage.Archived];

    public static TableEntity From(RegisteredModel model)
    {
        var row = new TableEntity(ModelKeys.Partition, ModelKeys.Model(model.Number))
        {
            ["v"] = Schema,
            ["name"] = model.Name,
            ["stage"] = (int)model.Stage,
            ["created"] = model.CreatedAt,
            ["updated"] = model.UpdatedAt,
            ["rev"] = model.Revision,
            ["last"] = model.LastVersion,
            ["aliases"] = PackedFields.Encode([.. model.Aliases.Select(static one => new Tag(one.Key, Text(one.Value)))]),
            ["gone"] = NumberRuns.Encode(model.Gone),
            ["policy"] = model.Policy,
            ["over"] = NumberRuns.Encode(model.Overridden),
        };
        foreach (var stage in Stages)
        {
            row[In(stage)] = NumberRuns.Encode(Of(model, stage));
        }
        if (model.Description is { } description)
        {
            row["description"] = description;
        }
        if (model.Author is { } author)
        {
            row["author"] = author;
        }
        if (model.Owner is { } owner)
        {
            row["owner"] = owner;
        }
        TagColumns.Write(row, model.Tags, model.LargeTags);
        return row;
    }

    public static RegisteredModel To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Model row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        return new RegisteredModel
        {
            Number = ModelKeys.ModelOf(row.RowKey),
            Name = row.GetString("name"),
            Description = row.GetString("description"),
            Author = row.GetString("author"),
            Owner = row.GetString("owner"),
            Stage = (LifecycleStage)row.GetInt32("stage")!.Value,
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            UpdatedAt = row.GetDateTimeOffset("updated")!.Value,
            Revision = row.GetInt64("rev")!.Value,
            LastVersion = row.GetInt32("last")!.Value,
            Aliases = Fields(row, "aliases").ToImmutableSortedDictionary(static one => one.Key, static one => Number(one.Value), StringComparer.Ordinal),
            Stages = Stages.SelectMany(stage => NumberRuns.Decode(row.GetBinary(In(stage))).Select(version => KeyValuePair.Create(version, stage))).ToImmutableSortedDictionary(),
            Gone = [.. NumberRuns.Decode(row.GetBinary("gone"))],
            Policy = row.GetInt32("policy")!.Value,
            Overridden = [.. NumberRuns.Decode(row.GetBinary("over"))],
            Tags = TagColumns.Read(row),
            LargeTags = TagColumns.ReadLarge(row),
        };
    }

    /// <summary>Why a model does not fit its row; null when it does.</summary>
    public static Failure? Refuse(RegisteredModel model) =>
        PackedFields.Encode([.. model.Aliases.Select(static one => new Tag(one.Key, Text(one.Value)))]).Length > HighestBytes
            ? new Failure.Invalid("alias", $"The aliases of a model take up to {HighestBytes} bytes together.")
        : Stages.Any(stage => NumberRuns.Encode(Of(model, stage)).Length > HighestBytes) || NumberRuns.Encode(model.Gone).Length > HighestBytes
            ? new Failure.Invalid("version", "The versions of this model that are in a stage or deleted lie in too many pieces; move those between them too.")
        : null;

    private static string In(ModelStage stage) => $"in{Text((int)stage)}";

    private static IEnumerable<int> Of(RegisteredModel model, ModelStage stage) => model.Stages.Where(one => one.Value == stage).Select(static one => one.Key);

    private static List<Tag> Fields(TableEntity row, string property)
    {
        var fields = new List<Tag>();
        PackedFields.Decode(row.GetBinary(property), fields);
        return fields;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
