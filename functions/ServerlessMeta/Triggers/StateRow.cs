using System.Text.Json;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>What a rule remembers, as a row: JSON in <c>t0 t1 ..</c>, what the last window said in <c>last</c>.</summary>
internal static class StateRow
{
    private const int Schema = 1;

    public static TableEntity From(string rule, RuleState state, string write)
    {
        var row = new TableEntity(TriggerKeys.Partition, TriggerKeys.State(rule))
        {
            ["v"] = Schema,
            ["id"] = rule,
            ["pending"] = state.Pending is not null,
            [WriteId.Property] = write,
        };
        RowText.Write(row, JsonSerializer.SerializeToUtf8Bytes(state, TriggersJson.Relaxed.RuleState));
        return row;
    }

    public static RuleState To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"State row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        return JsonSerializer.Deserialize(RowText.Read(row), TriggersJson.Relaxed.RuleState) ?? throw new InvalidDataException($"State row '{row.RowKey}' holds no state.");
    }
}
