using Azure.Data.Tables;

namespace ServerlessMeta.Triggers;

/// <summary>That a rule judged a window, as a row.</summary>
internal static class EvaluatedRow
{
    public static TableEntity From(string rule, EvaluatedWindow window)
    {
        var row = new TableEntity(TriggerKeys.Partition, TriggerKeys.Evaluated(rule, window.End, window.Window))
        {
            ["window"] = window.Window,
            ["start"] = window.Start,
            ["end"] = window.End,
            ["version"] = window.Version,
            ["rev"] = window.Revision,
            ["outcome"] = (int)window.Outcome,
            ["labelled"] = window.Labelled,
            ["firing"] = window.IsFiring,
        };
        if (window.Hit is { } hit)
        {
            row["hit"] = hit;
        }
        if (window.Value is { } value)
        {
            row["value"] = value;
        }
        return row;
    }

    public static EvaluatedWindow To(TableEntity row) => new(
        row.GetString("window"),
        row.GetDateTimeOffset("start")!.Value,
        row.GetDateTimeOffset("end")!.Value,
        row.GetInt32("version")!.Value,
        row.GetInt32("rev")!.Value,
        (WindowOutcome)row.GetInt32("outcome")!.Value,
        row.GetBoolean("hit"),
        row.GetDouble("value"),
        row.GetInt64("labelled")!.Value,
        row.GetBoolean("firing")!.Value);
}
