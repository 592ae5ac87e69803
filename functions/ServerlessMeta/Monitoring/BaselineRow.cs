using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>A baseline as a row; and the one in force in the row of what is watched, so that it takes no read of its own.</summary>
internal static class BaselineRow
{
    private const int Schema = 1;

    public static TableEntity From(MonitorTarget target, BaselineRecord baseline)
    {
        var row = new TableEntity(MonitoringKeys.Partition(target), MonitoringKeys.Baseline(target, baseline.Number)) { ["v"] = Schema };
        Write(row, baseline);
        return row;
    }

    public static BaselineRecord To(TableEntity row) => row.GetInt32("v") is Schema ? Of(row)! : throw new InvalidDataException($"Baseline row '{row.RowKey}' has an unknown version; newer code wrote it.");

    public static void Write(TableEntity row, BaselineRecord baseline)
    {
        row["bnumber"] = baseline.Number;
        row["bdigest"] = baseline.Digest;
        row["bsource"] = baseline.Source;
        row["brows"] = baseline.Rows;
        row["bcolumns"] = baseline.Columns;
        row["bpredictions"] = baseline.Predictions;
        row["bprofile"] = baseline.ProfileBlob;
        row["bjoined"] = baseline.PredictionsBlob ?? "";
        row["bat"] = baseline.CreatedAt;
        row["bby"] = baseline.By;
    }

    /// <summary>Null: the row has none.</summary>
    public static BaselineRecord? Of(TableEntity row) => row.GetInt32("bnumber") is not { } number ? null : new BaselineRecord
    {
        Number = number,
        Digest = row.GetString("bdigest"),
        Source = row.GetString("bsource"),
        Rows = row.GetInt64("brows")!.Value,
        Columns = row.GetInt32("bcolumns")!.Value,
        Predictions = row.GetInt32("bpredictions")!.Value,
        ProfileBlob = row.GetString("bprofile"),
        PredictionsBlob = row.GetString("bjoined") is { Length: > 0 } blob ? blob : null,
        CreatedAt = row.GetDateTimeOffset("bat")!.Value,
        By = row.GetString("bby"),
    };
}
