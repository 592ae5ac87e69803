using System.Globalization;
using ServerlessMeta.Triggers;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Triggers;

/// <summary>When a rule fires, in words.</summary>
internal static class RuleSentence
{
    public static string Of(RuleDefinition rule)
    {
        var aggregate = rule.Aggregate;
        var counted = rule.When.Conditions.Any(static condition => condition.IsOfWindows) && aggregate.N > 1 ? string.Create(CultureInfo.InvariantCulture, $", in {aggregate.M} of the last {aggregate.N} windows") : "";
        return Of(rule.When) + counted;
    }

    /// <summary>How often it may fire, and what it then does; each a sentence.</summary>
    public static IEnumerable<string> Limits(RuleDefinition rule)
    {
        var aggregate = rule.Aggregate;
        if (aggregate.Cooldown > TimeSpan.Zero)
        {
            yield return $"Not again within {Words(aggregate.Cooldown)} of a trigger of the same target and actions.";
        }
        if (aggregate.MaxPerDay is { } most)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"At most {most} in any 24 hours.");
        }
        if (aggregate.RepeatAfter is { } repeat)
        {
            yield return $"Again after {Words(repeat)} while it goes on firing.";
        }
        if (aggregate.GraceWindows > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The first {aggregate.GraceWindows} windows of a new version are not counted.");
        }
        if (!aggregate.Quiet.IsEmpty)
        {
            yield return $"Quiet at {string.Join(", ", aggregate.Quiet)} ({aggregate.TimeZone ?? "UTC"}).";
        }
        foreach (var action in rule.Actions)
        {
            yield return action switch
            {
                RuleAction.ServiceBus bus => $"Sends to the queue {bus.Entity}.",
                RuleAction.Webhook webhook => $"Calls the webhook {webhook.SecretRef}.",
                _ => "",
            };
        }
    }

    private static string Of(RuleNode node) => node switch
    {
        RuleNode.All all => string.Join(" and ", all.Of.Select(Inner)),
        RuleNode.Any any => string.Join(" or ", any.Of.Select(Inner)),
        RuleNode.Not not => $"not {Inner(not.Of)}",
        RuleNode.Leaf leaf => Of(leaf.Condition),
        _ => "",
    };

    private static string Inner(RuleNode node) => node is RuleNode.Leaf ? Of(node) : $"({Of(node)})";

    private static string Of(RuleCondition condition) => condition.Signal switch
    {
        RuleSignal.Schedule => $"at {condition.Cron} ({condition.TimeZone ?? "UTC"})",
        RuleSignal.Staleness => $"the version is {Words(TimeSpan.FromSeconds(condition.Enter))} old",
        RuleSignal.NewData => condition.Metric == "share" ? $"labelled rows came, {Figures.Share(condition.Enter)} of the baseline's" : $"{Figures.Text(condition.Enter)} labelled rows came",
        RuleSignal.RunAnomaly => $"{Figures.Text(condition.Enter)} anomalies of runs ({condition.Metric})",
        RuleSignal.Detector => $"the detector {condition.Metric} gives an alarm",
        _ when condition.Metric == RuleCondition.Verdict => $"{TriggerWords.Spaced(RuleWords.Of(condition.Signal))}{Of(condition.Columns)}{Against(condition)}",
        _ => $"{TriggerWords.Spaced(RuleWords.Of(condition.Signal))}{(condition.Signal is RuleSignal.Missing ? " values" : $" {condition.Metric}")} {ChainMaker.Sign(RuleWords.Of(condition.Operator))} {Figures.Text(condition.Enter)}{(condition.Exit == condition.Enter ? "" : $" (until {Figures.Text(condition.Exit)})")}{Of(condition.Columns)}{Against(condition)}",
    };

    private static string Of(ColumnChoice? columns) => columns switch
    {
        ColumnChoice.Named named => $" of {named.Column}",
        ColumnChoice.Top top => string.Create(CultureInfo.InvariantCulture, $" of {top.Count} columns"),
        ColumnChoice.Share share => $" of {Figures.Share(share.Part)} of the columns",
        _ => "",
    };

    private static string Against(RuleCondition condition) => condition.Baseline == RuleCondition.Training ? "" : $" against {condition.Baseline}";

    private static string Words(TimeSpan time) =>
        time.TotalDays >= 1 && time.Ticks % TimeSpan.TicksPerDay == 0 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0} day{(time.TotalDays == 1 ? "" : "s")}") : Figures.Duration(time);
}
