using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

internal static class FileRow
{
    private const int Schema = 1;

    /// <summary>What a listing reads.</summary>
    public static readonly string[] ListColumns = ["PartitionKey", "RowKey", "v", WriteId.Property, "blob", "size", "md5", "sha", "type", "at", "sblob", "stype", "sexpires", "sby", "ssource"];

    /// <summary>What deleting and verifying read.</summary>
    public static readonly string[] RecordColumns = [.. ListColumns, .. AuditHead.Columns];

    /// <summary>What the audit proves of a path: its file, if it has one; where the bytes lie, and what is on its way, is no part of that.</summary>
    public static string? DigestOf(TableEntity row) =>
        row.GetString("sha") is null ? null : RowDigest.Of(row, static property => property is "v" or "size" or "md5" or "sha" or "type" or "at");

    /// <summary>The end of the chain of a file that was deleted.</summary>
    public static TableEntity Ended(string partition, string objectKey, AuditHead head)
    {
        var row = new TableEntity(partition, FileKeys.Ended(objectKey)) { ["v"] = Schema };
        head.Write(row);
        return row;
    }

    public static TableEntity From(StoredFile file, string write)
    {
        var row = Empty(file.Path, write);
        row["blob"] = file.Blob;
        row["size"] = file.Size;
        row["md5"] = file.Md5;
        row["sha"] = file.Sha256;
        row["type"] = file.ContentType;
        row["at"] = file.StoredAt;
        return row;
    }

    /// <summary>The path with what it had, and bytes on their way.</summary>
    public static TableEntity From(ArtifactPath path, StoredFile? present, StagedUpload staged, string write)
    {
        var row = present is null ? Empty(path, write) : From(present, write);
        row["sblob"] = staged.Blob;
        row["stype"] = staged.ContentType;
        row["sexpires"] = staged.ExpiresAt;
        if (staged.By is { } by)
        {
            row["sby"] = by.Name;
            row["ssource"] = by.Source;
        }
        return row;
    }

    /// <summary>The row of a state whose file's bytes lie elsewhere now.</summary>
    public static TableEntity Mended(FileState state, StoredFile file) => state.Staged is { } staged ? From(state.Path, file, staged, state.Write) : From(file, state.Write);

    public static TableEntity Folder(string partition, string rowKey) => new(partition, rowKey) { ["v"] = Schema };

    public static FileState To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"File row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        var path = ArtifactPath.Parse(FileKeys.PathOf(row.PartitionKey, row.RowKey)).Value;
        var file = row.GetString("sha") is { } sha
            ? new StoredFile
            {
                Path = path,
                Blob = row.GetString("blob"),
                Size = row.GetInt64("size")!.Value,
                Md5 = row.GetString("md5"),
                Sha256 = sha,
                ContentType = row.GetString("type"),
                StoredAt = row.GetDateTimeOffset("at")!.Value,
            }
            : null;
        var staged = row.GetString("sblob") is { } blob ? new StagedUpload(blob, row.GetString("stype"), row.GetDateTimeOffset("sexpires")!.Value, row.GetString("sby") is { } by ? new Caller(by, Role.Writer, row.GetString("ssource")) : null) : null;
        return new FileState(path, file, staged, row.GetString(WriteId.Property) ?? "", row.ETag) { Head = AuditHead.Of(row), Digest = DigestOf(row) };
    }

    private static TableEntity Empty(ArtifactPath path, string write)
    {
        var (partition, inner) = FileKeys.Split(path);
        return new TableEntity(partition, FileKeys.File(inner)) { ["v"] = Schema, [WriteId.Property] = write };
    }
}
