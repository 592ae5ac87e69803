using System.Globalization;
using ServerlessMeta.Environments;

namespace ServerlessMeta.Triggers;

/// <summary>
/// A rule as JSON, the same bytes for the same rule:
/// <code>
/// {"target": {"model": "bike", "version": 3} (or "alias": "prod", or "version": "champion"; or {"monitor": "clicks"}; or {"experiment": "5"} for anomalies of runs),
///  "when": {"any": [{"signal": "performance", "metric": "rmse", "op": ">", "enter": 60, "exit": 50, "minN": 50, "alpha": 0.05, "minEffect": 5},
///                   {"all": [{"signal": "predictionDrift", "metric": "js", "enter": 0.1}, {"signal": "dataDrift", "metric": "psi", "top": 3, "enter": 0.25}]},
///                   {"signal": "dataDrift", "baseline": "previous" (or "rolling(3)": as "compareWith" of what is watched says)},
///                   {"not": {"signal": "missing", "share": 0.2, "enter": 0.02}}, {"signal": "newData", "enter": 10000}, {"signal": "staleness", "enter": "P90D"},
///                   {"signal": "schedule", "cron": "0 3 * * 1", "timeZone": "Europe/Berlin"}, {"signal": "detector", "metric": "adwin"}]},
///  "aggregate": {"m": 2, "n": 3, "cooldown": "P1D", "maxPerDay": 1, "quiet": ["* 22-23,0-5 * * *"], "timeZone": "Europe/Berlin", "repeatAfter": "P7D", "graceWindows": 2},
///  "actions": [{"type": "serviceBus", "entity": "retraining"}, {"type": "webhook", "secretRef": "hook", "tellsDrift": true}], "mode": "auto"}
/// </code>
/// Without <c>actions</c> it is sent to <c>retraining</c>; without <c>mode</c> it suggests. <c>tellsDrift</c> also sends when drift begins and when it ends.
/// </summary>
internal static class RuleText
{
    public const string Champion = "champion";
    public const string ServiceBus = "serviceBus";
    public const string Webhook = "webhook";
    public const string NoAction = "none";

    /// <summary>How long a rule may be as it is kept, in bytes.</summary>
    public const int HighestBytes = 32 * 1024;

    public static byte[] Write(RuleDefinition rule)
    {
        var json = new CanonicalJson();
        json.Object(null, () =>
        {
            WriteTarget(json, rule.Target);
            WriteNode(json, "when", rule.When);
            WriteAggregate(json, rule.Aggregate);
            WriteActions(json, rule);
            json.Text("mode", RuleWords.Of(rule.Mode));
        });
        return json.ToUtf8();
    }

    /// <summary>What decides whether windows counted under one rule count under another: all but mode, actions and how often it may fire.</summary>
    public static byte[] WriteJudgement(RuleDefinition rule)
    {
        var json = new CanonicalJson();
        json.Object(null, () =>
        {
            WriteTarget(json, rule.Target is RuleTarget.OfModel model ? model with { Experiment = null } : rule.Target);
            WriteNode(json, "when", rule.When);
            json.Number("m", rule.Aggregate.M).Number("n", rule.Aggregate.N);
        });
        return json.ToUtf8();
    }

    /// <summary>The actions alone: rules on one target with the same share their cooldown.</summary>
    public static byte[] WriteActions(RuleDefinition rule)
    {
        var json = new CanonicalJson();
        json.Object(null, () => WriteActions(json, rule with { Actions = [.. rule.Actions.Select(static action => action with { TellsDrift = false })] }));
        return json.ToUtf8();
    }

    private static void WriteTarget(CanonicalJson json, RuleTarget target) => json.Object("target", () =>
    {
        switch (target)
        {
            case RuleTarget.OfModel { Version: { } version } model:
                json.Text("model", model.Name).Number("version", version).TextIf("experiment", model.Experiment);
                break;
            case RuleTarget.OfModel { Alias: { } alias } model:
                json.Text("model", model.Name).Text("alias", alias).TextIf("experiment", model.Experiment);
                break;
            case RuleTarget.OfModel model:
                json.Text("model", model.Name).Text("version", Champion).TextIf("experiment", model.Experiment);
                break;
            case RuleTarget.OfMonitor monitor:
                json.Text("monitor", monitor.Name).TextIf("experiment", monitor.Experiment);
                break;
            case RuleTarget.OfExperiment experiment:
                json.Text("experiment", experiment.Id);
                break;
            default:
                throw new InvalidOperationException($"{target.GetType().Name} has no JSON.");
        }
    });

    private static void WriteNode(CanonicalJson json, string? name, RuleNode node)
    {
        switch (node)
        {
            case RuleNode.All all:
                json.Object(name, () => json.List("all", all.Of, one => WriteNode(json, null, one)));
                break;
            case RuleNode.Any any:
                json.Object(name, () => json.List("any", any.Of, one => WriteNode(json, null, one)));
                break;
            case RuleNode.Not not:
                json.Object(name, () => WriteNode(json, "not", not.Of));
                break;
            case RuleNode.Leaf leaf:
                json.Object(name, () => WriteCondition(json, leaf.Condition));
                break;
            default:
                throw new InvalidOperationException($"{node.GetType().Name} has no JSON.");
        }
    }

    private static void WriteCondition(CanonicalJson json, RuleCondition condition)
    {
        json.Text("signal", RuleWords.Of(condition.Signal));
        switch (condition.Signal)
        {
            case RuleSignal.Schedule:
                json.Text("cron", condition.Cron!).TextIf("timeZone", condition.TimeZone);
                return;
            case RuleSignal.Staleness:
                json.Text("enter", RuleDuration.Write(TimeSpan.FromSeconds(condition.Enter)));
                return;
            default:
                json.Text("metric", condition.Metric);
                break;
        }
        switch (condition.Columns)
        {
            case ColumnChoice.Named named:
                json.Text("column", named.Column);
                break;
            case ColumnChoice.Top top:
                json.Number("top", top.Count);
                break;
            case ColumnChoice.Share share:
                json.Number("share", share.Part);
                break;
        }
        if (!condition.IsOfWindows)
        {
            json.Number("enter", condition.Enter);
            return;
        }
        json.Text("op", RuleWords.Of(condition.Operator)).Number("enter", condition.Enter).Number("exit", condition.Exit).Number("minN", condition.MinN);
        NumberIf(json, "minEffect", condition.MinEffect);
        NumberIf(json, "alpha", condition.Alpha);
        json.Text("baseline", condition.Baseline);
    }

    private static void WriteAggregate(CanonicalJson json, RuleAggregate aggregate) => json.Object("aggregate", () =>
    {
        json.Number("m", aggregate.M).Number("n", aggregate.N).Text("cooldown", RuleDuration.Write(aggregate.Cooldown));
        if (aggregate.MaxPerDay is { } most)
        {
            json.Number("maxPerDay", most);
        }
        if (!aggregate.Quiet.IsEmpty)
        {
            json.List("quiet", aggregate.Quiet, cron => json.Text(null, cron));
        }
        json.TextIf("timeZone", aggregate.TimeZone).TextIf("repeatAfter", aggregate.RepeatAfter is { } again ? RuleDuration.Write(again) : null).Number("graceWindows", aggregate.GraceWindows);
    });

    private static void WriteActions(CanonicalJson json, RuleDefinition rule) => json.List("actions", rule.Actions, action => json.Object(null, () =>
    {
        _ = action switch
        {
            RuleAction.ServiceBus bus => json.Text("type", ServiceBus).Text("entity", bus.Entity),
            RuleAction.Webhook webhook => json.Text("type", Webhook).TextIf("url", webhook.Url).Text("secretRef", webhook.SecretRef),
            _ => throw new InvalidOperationException($"{action.GetType().Name} has no JSON."),
        };
        json.Flag("tellsDrift", action.TellsDrift);
    }));

    private static void NumberIf(CanonicalJson json, string name, double? value)
    {
        if (value is { } number)
        {
            json.Number(name, number);
        }
    }
}
