using System.Globalization;
using System.Numerics;
using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>A batch of labels as a row: by its id, by a day of its predictions, or among those that wait; the last knows which labels found their prediction, a bit each.</summary>
internal static class LabelRow
{
    private const int Schema = 1;
    private const string FoundProperty = "found";

    public static TableEntity From(MonitorTarget target, string rowKey, LabelBatch batch) => new(MonitoringKeys.Partition(target), rowKey)
    {
        ["v"] = Schema,
        ["id"] = batch.Id,
        ["digest"] = batch.Digest,
        ["blob"] = batch.Blob,
        ["count"] = batch.Count,
        ["first"] = batch.FirstDay is { } first ? first.ToString("O", CultureInfo.InvariantCulture) : "",
        ["last"] = batch.LastDay is { } last ? last.ToString("O", CultureInfo.InvariantCulture) : "",
        ["unplaced"] = batch.IsUnplaced,
        ["received"] = batch.ReceivedAt,
        ["by"] = batch.By,
    };

    /// <summary>One that waits, none of whose labels found its prediction yet.</summary>
    public static TableEntity Waiting(MonitorTarget target, LabelBatch batch) => Waiting(target, batch, new byte[(batch.Count + 7) / 8]);

    public static TableEntity Waiting(MonitorTarget target, LabelBatch batch, byte[] found)
    {
        var row = From(target, MonitoringKeys.Waiting(target, batch.ReceivedOn, batch.Id), batch);
        row[FoundProperty] = found;
        row["waiting"] = batch.Count - CountOf(found);
        return row;
    }

    public static LabelBatch To(TableEntity row) => row.GetInt32("v") is not Schema
        ? throw new InvalidDataException($"Label row '{row.RowKey}' has an unknown version; newer code wrote it.")
        : new LabelBatch
        {
            Id = row.GetString("id"),
            Digest = row.GetString("digest"),
            Blob = row.GetString("blob"),
            Count = row.GetInt32("count")!.Value,
            FirstDay = Day(row.GetString("first")),
            LastDay = Day(row.GetString("last")),
            IsUnplaced = row.GetBoolean("unplaced") is true,
            ReceivedAt = row.GetDateTimeOffset("received")!.Value,
            By = row.GetString("by"),
        };

    /// <summary>Which labels found their prediction, a bit each.</summary>
    public static byte[] FoundIn(TableEntity row) => row.GetBinary(FoundProperty);

    /// <summary>How many labels wait.</summary>
    public static int WaitingIn(TableEntity row) => row.GetInt32("waiting") ?? 0;

    public static int CountOf(byte[] found) => found.Sum(static bits => BitOperations.PopCount(bits));

    private static DateOnly? Day(string? text) => string.IsNullOrEmpty(text) ? null : DateOnly.ParseExact(text, "O", CultureInfo.InvariantCulture);
}
