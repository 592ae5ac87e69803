using System.Text.Json;
using Azure.Data.Tables;

namespace ServerlessMeta.Triggers;

/// <summary>A rule as a row, its JSON in <c>t0 t1 ..</c>; <c>gone</c>: it was deleted, and its number and chain are left.</summary>
internal static class RuleRow
{
    private const int Schema = 1;

    public static TableEntity From(Rule rule)
    {
        var row = new TableEntity(TriggerKeys.Partition, TriggerKeys.Rule(rule.Id))
        {
            ["v"] = Schema,
            ["id"] = rule.Id,
            ["rev"] = rule.Revision,
            ["gone"] = rule.IsGone,
            ["target"] = rule.Target,
            ["model"] = rule.Model,
            ["off"] = rule.IsGone || rule.Definition.Mode is RuleMode.Off,
            ["timed"] = rule.Definition.IsTimed,
            ["created"] = rule.CreatedAt,
            ["updated"] = rule.UpdatedAt,
            ["by"] = rule.UpdatedBy,
        };
        RowText.Write(row, RuleText.Write(rule.Definition));
        return row;
    }

    public static Rule To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Rule row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        using var json = JsonDocument.Parse(RowText.Read(row));
        return new Rule
        {
            Id = row.GetString("id"),
            Revision = row.GetInt32("rev")!.Value,
            IsGone = row.GetBoolean("gone")!.Value,
            Target = row.GetString("target"),
            Model = row.GetInt64("model")!.Value,
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            UpdatedAt = row.GetDateTimeOffset("updated")!.Value,
            UpdatedBy = row.GetString("by"),
            Definition = RuleBody.Read(json.RootElement, null).Definition ?? throw new InvalidDataException($"Rule row '{row.RowKey}' holds no rule."),
        };
    }
}
