using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Models;

/// <summary>A version as a row; <c>rev</c> is the model's revision at its last change.</summary>
internal static class ModelVersionRow
{
    private const int Schema = 1;

    public static TableEntity From(ModelVersion version, long revision)
    {
        var row = new TableEntity(ModelKeys.Partition, ModelKeys.Version(version.Model, version.Number))
        {
            ["v"] = Schema,
            ["source"] = version.Source,
            ["author"] = version.Author,
            ["status"] = (int)version.Status,
            ["created"] = version.CreatedAt,
            ["updated"] = version.UpdatedAt,
            ["rev"] = revision,
        };
        Set(row, "location", version.Location);
        Set(row, "description", version.Description);
        Set(row, "owner", version.Owner);
        Set(row, "run", version.Run?.ToString());
        Set(row, "link", version.RunLink);
        Set(row, "logged", version.LoggedModel?.ToString());
        TagColumns.Write(row, version.Tags, version.LargeTags);
        return row;
    }

    public static ModelVersion To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Version row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        return new ModelVersion
        {
            Model = ModelKeys.ModelOf(row.RowKey),
            Number = ModelKeys.VersionOf(row.RowKey),
            Source = row.GetString("source"),
            Location = row.GetString("location"),
            Author = row.GetString("author"),
            Status = (ModelVersionStatus)row.GetInt32("status")!.Value,
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            UpdatedAt = row.GetDateTimeOffset("updated")!.Value,
            Description = row.GetString("description"),
            Owner = row.GetString("owner"),
            Run = row.GetString("run") is { } run ? RunId.Parse(run, CultureInfo.InvariantCulture) : null,
            RunLink = row.GetString("link"),
            LoggedModel = row.GetString("logged") is { } logged ? LoggedModelId.Parse(logged, CultureInfo.InvariantCulture) : null,
            Tags = TagColumns.Read(row),
            LargeTags = TagColumns.ReadLarge(row),
        };
    }

    private static void Set(TableEntity row, string property, string? value)
    {
        if (value is not null)
        {
            row[property] = value;
        }
    }
}
