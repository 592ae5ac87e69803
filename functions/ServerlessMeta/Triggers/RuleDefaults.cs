using System.Collections.Immutable;
using ServerlessMeta.Messages;

namespace ServerlessMeta.Triggers;

/// <summary>Rules to begin with. None retrains by drift of features alone: features drift with the season while the model is as good as before.</summary>
public sealed record RuleDefaults(ImmutableArray<RuleDefault> Defaults)
{
    private static readonly RuleAggregate Careful = new() { M = 2, N = 3, Cooldown = TimeSpan.FromDays(1), MaxPerDay = 1 };

    internal static RuleDefaults For(RuleTarget target)
    {
        RuleNode performance = Leaf(RuleSignal.Performance, RuleCondition.Verdict, 1, 30);
        RuleNode drift = new RuleNode.All([Leaf(RuleSignal.PredictionDrift, RuleCondition.Verdict, 1, 30), Leaf(RuleSignal.DataDrift, ConditionReader.DriftShare, 0.5, 1)]);
        List<RuleDefault> all =
        [
            Of("performance-or-drift", "Performance fell beyond chance, or predictions and at least half of the features drifted: two of the last three windows.", new RuleNode.Any([performance, drift]), Careful),
            Of("performance", "Performance fell beyond chance, and by an amount that matters: two of the last three windows. It needs labels.", performance, Careful),
            Of("weekly-if-drifted", "Once a week, if the last window drifted.", new RuleNode.All([new RuleNode.Leaf(new RuleCondition { Signal = RuleSignal.Schedule, Metric = "occurrence", Enter = 1, Exit = 1, Cron = "0 3 * * 1" }), drift]), Careful with { M = 1, N = 1 }),
        ];
        if (target is RuleTarget.OfModel)
        {
            all.Add(Of("new-data-or-age", "A fifth of the training rows came anew with labels, or the version is ninety days old.", new RuleNode.Any(
                [Leaf(RuleSignal.NewData, "share", 0.2, 0), new RuleNode.Leaf(new RuleCondition { Signal = RuleSignal.Staleness, Metric = "age", Enter = 90 * 86_400d, Exit = 90 * 86_400d })]), Careful with { M = 1, N = 1 }));
        }
        return new RuleDefaults([.. all]);

        RuleDefault Of(string name, string why, RuleNode when, RuleAggregate aggregate) =>
            new(name, why, RuleView.JsonOf(new RuleDefinition(target, when, aggregate, [new RuleAction.ServiceBus(Entities.Retraining)], RuleMode.Suggest)));
    }

    private static RuleNode.Leaf Leaf(RuleSignal signal, string metric, double enter, long minN) => new(new RuleCondition { Signal = signal, Metric = metric, Enter = enter, Exit = enter, MinN = minN });
}
