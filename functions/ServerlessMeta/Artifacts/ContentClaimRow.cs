using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

internal static class ContentClaimRow
{
    private const int Schema = 1;

    public static TableEntity From(ContentDigests content, string blob, DateTimeOffset at, string write) => new(ContentKeys.Partition(content.Sha256), ContentKeys.Claim(content.Sha256))
    {
        ["v"] = Schema,
        [WriteId.Property] = write,
        ["blob"] = blob,
        ["size"] = content.Size,
        ["md5"] = content.Md5,
        ["at"] = at,
    };

    public static ContentClaim To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Content row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        return new ContentClaim(
            new ContentDigests(row.GetInt64("size")!.Value, row.GetString("md5"), ContentKeys.Sha256Of(row.RowKey)),
            row.GetString("blob"),
            row.GetDateTimeOffset("at")!.Value,
            // A merge cannot take a property away, so "found again" is a flag beside it.
            row.GetBoolean("isLost") is true ? row.GetDateTimeOffset("lost") : null,
            row.GetBoolean("bad") ?? false,
            row.ETag);
    }

    /// <summary>What a merge changes when the bytes are used again.</summary>
    public static TableEntity Touched(string sha256, DateTimeOffset at) => Change(sha256, ("at", at), ("isLost", false));

    public static TableEntity Lost(string sha256, DateTimeOffset at) => Change(sha256, ("lost", at), ("isLost", true));

    public static TableEntity Damaged(string sha256) => Change(sha256, ("bad", true));

    private static TableEntity Change(string sha256, params (string Name, object Value)[] changes)
    {
        var row = new TableEntity(ContentKeys.Partition(sha256), ContentKeys.Claim(sha256));
        foreach (var (name, value) in changes)
        {
            row[name] = value;
        }
        return row;
    }
}
