using Azure.Data.Tables;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>An artifact as a row: the guard of every change of its versions.</summary>
internal static class ArtifactRow
{
    private const int Schema = 1;

    /// <summary>All but the digests seen.</summary>
    public static readonly string[] Columns = ["PartitionKey", "RowKey", "v", "name", "type", "latest", "size", "location", "created", "updated", .. DigestColumns.Names];

    public static TableEntity From(Artifact artifact, SeenDigests seen)
    {
        var row = new TableEntity(ArtifactVersionKeys.Partition(artifact.Name), ArtifactVersionKeys.Artifact(artifact.Name))
        {
            ["v"] = Schema,
            ["name"] = artifact.Name,
            ["type"] = ArtifactTypes.WordOf(artifact.Type),
            ["latest"] = artifact.Latest,
            ["created"] = artifact.CreatedAt,
            ["updated"] = artifact.LatestAt,
            ["seen"] = seen.Packed,
            ["whole"] = seen.IsWhole,
        };
        DigestColumns.Write(row, artifact.Digests);
        if (artifact.Size is { } size)
        {
            row["size"] = size;
        }
        if (artifact.Location is { } location)
        {
            row["location"] = location;
        }
        return row;
    }

    public static Artifact To(TableEntity row) => row.GetInt32("v") is not Schema
        ? throw new InvalidDataException($"Artifact row '{row.RowKey}' has an unknown version; newer code wrote it.")
        : new Artifact
        {
            Name = row.GetString("name"),
            Type = ArtifactTypes.Find(row.GetString("type"))!.Value,
            Latest = row.GetInt64("latest")!.Value,
            Digests = DigestColumns.Read(row),
            Size = row.GetInt64("size"),
            Location = row.GetString("location"),
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            LatestAt = row.GetDateTimeOffset("updated")!.Value,
        };

    /// <summary>What the audit proves: all but the digests seen, which only spare a look.</summary>
    public static string DigestOf(TableEntity row) => RowDigest.Of(row, static property => property is not ("seen" or "whole"));

    public static SeenDigests SeenIn(TableEntity row) => new(row.GetBinary("seen") ?? [], row.GetBoolean("whole") ?? false);
}
