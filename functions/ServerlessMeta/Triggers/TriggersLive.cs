using System.Globalization;
using ServerlessMeta.Live;

namespace ServerlessMeta.Triggers;

/// <summary>Tells whoever follows triggers that one fired or went on, of the newest hundred, or that a rule was set: two operations.</summary>
internal static class TriggersLive
{
    private const string Subject = "triggers";
    private const int MostTriggers = 100;
    private static readonly string[] Columns = ["RowKey", "Timestamp", TriggerRow.Rule];

    public static LiveSource SourceOf(TriggerTable table)
    {
        var list = new LiveList(static position => new LiveEvent("triggers.changed.v1", Subject, position));
        return new LiveSource
        {
            Subject = Subject,
            LookAsync = async (_, since, ct) =>
            {
                var triggers = table.QueryAsync(TriggerKeys.Triggers, null, Columns, MostTriggers, ct).Take(MostTriggers).ToListAsync(ct);
                var rules = table.QueryAsync(TriggerKeys.Rules, null, Columns, 1000, ct).ToListAsync(ct);
                return list.Look(
                    [
                        .. (await triggers).Select(static row => (row.RowKey, new LiveEvent("trigger.changed.v1", $"{Subject}/{row.RowKey.Split('|')[^1]}", Moment(row.Timestamp)) { Data = new LiveData(row.GetString(TriggerRow.Rule)) })),
                        .. (await rules).Select(static row => (row.RowKey, new LiveEvent("rule.changed.v1", Subject, Moment(row.Timestamp)))),
                    ], since);
            },
            IsOfAll = true,
        };
    }

    private static string Moment(DateTimeOffset? at) => at!.Value.UtcTicks.ToString("x", CultureInfo.InvariantCulture);
}
