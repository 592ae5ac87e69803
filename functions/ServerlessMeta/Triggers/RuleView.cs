using System.Text.Json;

namespace ServerlessMeta.Triggers;

/// <summary>A rule as it is answered.</summary>
/// <param name="Revision">Its number, and its ETag.</param>
/// <param name="Rule">What was set; its shape stands at <see cref="RuleText"/>.</param>
/// <param name="State">What it remembers; absent in lists.</param>
public sealed record RuleView(string Id, int Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string UpdatedBy, JsonElement Rule, RuleStateView? State)
{
    internal static RuleView From(Rule rule, RuleState? state) => new(
        rule.Id, rule.Revision, rule.CreatedAt, rule.UpdatedAt, rule.UpdatedBy, JsonOf(rule.Definition), state is null ? null : RuleStateView.From(state));

    internal static JsonElement JsonOf(RuleDefinition definition)
    {
        using var json = JsonDocument.Parse(RuleText.Write(definition));
        return json.RootElement.Clone();
    }
}
