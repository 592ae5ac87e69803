using System.Globalization;
using System.Text;
using Azure.Data.Tables;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>A version as a row; it keeps the id of the write that made it, so that its maker knows it again.</summary>
internal static class ArtifactVersionRow
{
    private const int Schema = 1;

    /// <summary>All but the schema.</summary>
    public static readonly string[] BriefColumns =
        ["PartitionKey", "RowKey", "v", "name", "number", "type", "rev", "created", "updated", "locations", "meta", "size", "run", "text", .. DigestColumns.Names];

    public static TableEntity From(ArtifactVersion version, string madeBy)
    {
        var row = new TableEntity(ArtifactVersionKeys.Partition(version.Name), ArtifactVersionKeys.Version(version.Name, version.Number))
        {
            ["v"] = Schema,
            [WriteId.Property] = madeBy,
            ["name"] = version.Name,
            ["number"] = version.Number,
            ["type"] = ArtifactTypes.WordOf(version.Type),
            ["rev"] = version.Revision,
            ["created"] = version.CreatedAt,
            ["updated"] = version.UpdatedAt,
        };
        if (version.Locations.Length > 0)
        {
            row["locations"] = PackLocations(version.Locations);
        }
        if (version.Metadata.Length > 0)
        {
            row["meta"] = PackedFields.Encode(version.Metadata);
        }
        DigestColumns.Write(row, version.Digests);
        if (version.Size is { } size)
        {
            row["size"] = size;
        }
        if (version.Schema is { } schema)
        {
            row["schema"] = Encoding.UTF8.GetBytes(schema);
        }
        if (version.ProducedBy is { } run)
        {
            row["run"] = run.ToString();
        }
        if (version.Description is { } description)
        {
            row["text"] = description;
        }
        return row;
    }

    public static ArtifactVersion To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Version row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        var (locations, metadata) = (new List<Tag>(), new List<Tag>());
        PackedFields.Decode(row.GetBinary("locations") ?? [], locations);
        PackedFields.Decode(row.GetBinary("meta") ?? [], metadata);
        return new ArtifactVersion
        {
            Name = row.GetString("name"),
            Number = row.GetInt64("number")!.Value,
            Type = ArtifactTypes.Find(row.GetString("type"))!.Value,
            Digests = DigestColumns.Read(row),
            Locations = [.. locations.Select(static location => location.Key)],
            Size = row.GetInt64("size"),
            Schema = row.GetBinary("schema") is { } schema ? Encoding.UTF8.GetString(schema) : null,
            Metadata = [.. metadata],
            ProducedBy = row.GetString("run") is { } run ? RunId.Parse(run, CultureInfo.InvariantCulture) : null,
            Description = row.GetString("text"),
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            UpdatedAt = row.GetDateTimeOffset("updated")!.Value,
            Revision = row.GetInt64("rev")!.Value,
        };
    }

    public static int Measure(IEnumerable<string> locations) => locations.Sum(static location => PackedFields.Measure(new Tag(location, "")));

    private static byte[] PackLocations(IEnumerable<string> locations) => PackedFields.Encode([.. locations.Select(static location => new Tag(location, ""))]);
}
