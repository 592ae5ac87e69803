using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>A registered model as a row: aliases, stages and gone versions packed as pairs of texts in <c>aliases stages gone</c>, tags in <c>g0 g1 ..</c>.</summary>
internal static class ModelRow
{
    private const int Schema = 1;

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
            ["stages"] = PackedFields.Encode([.. model.Stages.Select(static one => new Tag(Text(one.Key), Text((int)one.Value)))]),
            ["gone"] = PackedFields.Encode([.. model.Gone.Select(static one => new Tag(Text(one), ""))]),
        };
        if (model.Description is { } description)
        {
            row["description"] = description;
        }
        if (model.Owner is { } owner)
        {
            row["owner"] = owner;
        }
        TagColumns.Write(row, model.Tags);
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
            Owner = row.GetString("owner"),
            Stage = (LifecycleStage)row.GetInt32("stage")!.Value,
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            UpdatedAt = row.GetDateTimeOffset("updated")!.Value,
            Revision = row.GetInt64("rev")!.Value,
            LastVersion = row.GetInt32("last")!.Value,
            Aliases = Fields(row, "aliases").ToImmutableSortedDictionary(static one => one.Key, static one => Number(one.Value), StringComparer.Ordinal),
            Stages = Fields(row, "stages").ToImmutableSortedDictionary(static one => Number(one.Key), static one => (ModelStage)Number(one.Value)),
            Gone = [.. Fields(row, "gone").Select(static one => Number(one.Key))],
            Tags = TagColumns.Read(row),
        };
    }

    private static List<Tag> Fields(TableEntity row, string property)
    {
        var fields = new List<Tag>();
        PackedFields.Decode(row.GetBinary(property), fields);
        return fields;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
