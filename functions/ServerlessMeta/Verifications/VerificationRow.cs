using Azure.Data.Tables;
using ServerlessMeta.Models;

namespace ServerlessMeta.Verifications;

/// <summary>A verification as a row; the paths of broken files one to a line, as far as they fit.</summary>
internal static class VerificationRow
{
    private const int Schema = 1;
    private const int BrokenCharacters = 30_000;

    public static TableEntity From(Verification verification, string rowKey)
    {
        var broken = string.Join('\n', verification.Broken);
        return new TableEntity(ModelKeys.Partition, rowKey)
        {
            ["v"] = Schema,
            ["id"] = verification.Id,
            ["content"] = verification.Content,
            ["files"] = verification.Files,
            ["bytes"] = verification.Bytes,
            ["faults"] = verification.Faults,
            ["broken"] = broken.Length <= BrokenCharacters ? broken : broken[..broken.LastIndexOf('\n', BrokenCharacters)],
            ["at"] = verification.At,
            ["by"] = verification.By,
        };
    }

    public static Verification To(TableEntity row) => row.GetInt32("v") is not Schema
        ? throw new InvalidDataException($"Verification row '{row.RowKey}' has an unknown version; newer code wrote it.")
        : new Verification
        {
            Id = row.GetInt64("id")!.Value,
            Version = ModelKeys.VersionOf(row.RowKey),
            Content = row.GetString("content"),
            Files = row.GetInt32("files")!.Value,
            Bytes = row.GetInt64("bytes")!.Value,
            Faults = row.GetInt32("faults")!.Value,
            Broken = [.. row.GetString("broken").Split('\n', StringSplitOptions.RemoveEmptyEntries)],
            At = row.GetDateTimeOffset("at")!.Value,
            By = row.GetString("by"),
        };
}
