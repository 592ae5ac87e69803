using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>A result as a row of the history: in brief, what it warns of, and its metrics, packed.</summary>
internal static class ResultRow
{
    private const int Schema = 1;

    // A property has 32 Ki characters; who wants more reads the result.
    private const int AlertCharacters = 30_000;

    /// <summary>The columns of a brief.</summary>
    public static string[] BriefColumns { get; } =
        ["RowKey", "v", "id", "start", "end", "rev", "blob", "baseline", "state", "rows", "predictions", "labelled", "computed", "cause", "verdict", "drifted", "compared", "alerts", "worse", "judged", "labels"];

    public static TableEntity From(MonitorTarget target, WindowResult result, string blob)
    {
        var row = new TableEntity(MonitoringKeys.Partition(target), MonitoringKeys.Result(target, result.Start, result.Window, result.Revision))
        {
            ["v"] = Schema,
            ["id"] = result.Window,
            ["start"] = result.Start,
            ["end"] = result.End,
            ["alerts"] = Joined(ResultAlerts.OfData(result)),
            ["worse"] = Joined(ResultAlerts.OfPerformance(result)),
            ["judged"] = ResultAlerts.IsDataJudged(result),
            ["labels"] = ResultAlerts.IsPerformanceJudged(result),
        };
        Write(row, ResultBrief.Of(result, blob));
        PackedMetrics.Write(row, result);
        return row;
    }

    public static ResultEntry To(TableEntity row) => row.GetInt32("v") is not Schema
        ? throw new InvalidDataException($"Result row '{row.RowKey}' has an unknown version; newer code wrote it.")
        : new ResultEntry(row.GetString("id"), row.GetDateTimeOffset("start")!.Value, row.GetDateTimeOffset("end")!.Value, BriefOf(row)!)
        {
            DataAlerts = Split(row.GetString("alerts")),
            PerformanceAlerts = Split(row.GetString("worse")),
            IsDataJudged = row.GetBoolean("judged") is true,
            IsPerformanceJudged = row.GetBoolean("labels") is true,
        };

    public static void Write(TableEntity row, ResultBrief brief)
    {
        row["rev"] = brief.Revision;
        row["blob"] = brief.Blob;
        row["baseline"] = brief.Baseline;
        row["state"] = (int)brief.State;
        row["rows"] = brief.Rows;
        row["predictions"] = brief.Predictions;
        row["labelled"] = brief.Labelled;
        row["computed"] = brief.ComputedAt;
        row["cause"] = brief.Cause ?? "";
        row["verdict"] = (int)brief.Verdict;
        row["drifted"] = brief.Drifted;
        row["compared"] = brief.Compared;
    }

    /// <summary>Null: the row has no result.</summary>
    public static ResultBrief? BriefOf(TableEntity row) => row.GetInt32("rev") is not { } revision ? null : new ResultBrief
    {
        Revision = revision,
        Blob = row.GetString("blob"),
        Baseline = row.GetInt32("baseline")!.Value,
        State = (WindowState)row.GetInt32("state")!.Value,
        Rows = row.GetInt64("rows")!.Value,
        Predictions = row.GetInt64("predictions")!.Value,
        Labelled = row.GetInt64("labelled")!.Value,
        ComputedAt = row.GetDateTimeOffset("computed")!.Value,
        Cause = row.GetString("cause") is { Length: > 0 } cause ? cause : null,
        Verdict = (Verdict)row.GetInt32("verdict")!.Value,
        Drifted = row.GetInt32("drifted")!.Value,
        Compared = row.GetInt32("compared")!.Value,
    };

    private static string Joined(IEnumerable<string> ids)
    {
        var (text, left) = (new System.Text.StringBuilder(), 0);
        foreach (var id in ids)
        {
            if (left > 0 || text.Length + id.Length + 1 > AlertCharacters)
            {
                left++;
                continue;
            }
            text.Append(id).Append('\n');
        }
        return left == 0 ? text.ToString() : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{text}and {left} more\n");
    }

    private static string[] Split(string? text) => (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
