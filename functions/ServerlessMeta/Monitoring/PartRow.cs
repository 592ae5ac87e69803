using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>A part of a window as a row.</summary>
internal static class PartRow
{
    private const int Schema = 1;

    public static TableEntity From(MonitorTarget target, string window, WindowPart part) => new(MonitoringKeys.Partition(target), MonitoringKeys.Part(target, window, part.Id))
    {
        ["v"] = Schema,
        ["id"] = part.Id,
        ["digest"] = part.Digest,
        ["rows"] = part.Rows,
        ["predictions"] = part.Predictions,
        ["baseline"] = part.Baseline,
        ["profile"] = part.ProfileBlob,
        ["joined"] = part.PredictionsBlob ?? "",
        ["received"] = part.ReceivedAt,
        ["by"] = part.By,
    };

    public static WindowPart To(TableEntity row) => row.GetInt32("v") is not Schema
        ? throw new InvalidDataException($"Part row '{row.RowKey}' has an unknown version; newer code wrote it.")
        : new WindowPart
        {
            Id = row.GetString("id"),
            Digest = row.GetString("digest"),
            Rows = row.GetInt64("rows")!.Value,
            Predictions = row.GetInt32("predictions")!.Value,
            Baseline = row.GetInt32("baseline")!.Value,
            ProfileBlob = row.GetString("profile"),
            PredictionsBlob = row.GetString("joined") is { Length: > 0 } blob ? blob : null,
            ReceivedAt = row.GetDateTimeOffset("received")!.Value,
            By = row.GetString("by"),
        };
}
