using System.Collections.Immutable;
using ServerlessMeta.Models;

namespace ServerlessMeta.Triggers;

/// <summary>Makes the record of a trigger of what was found. Pure.</summary>
internal static class TriggerMaker
{
    // What is kept of the cause fits a row, whatever the names of columns.
    private const int MostCauses = 20;
    private const int LongestName = 200;

    public static Trigger Make(Rule rule, RegisteredModel? model, RuleState state, string decision, FireCause found, DateTimeOffset at, DateTimeOffset now)
    {
        var definition = rule.Definition;
        return new Trigger
        {
            Id = decision,
            Rule = rule.Id,
            RuleRevision = rule.Revision,
            Mode = definition.Mode,
            Model = rule.Model,
            ModelName = model?.Name ?? (definition.Target as RuleTarget.OfModel)?.Name,
            Version = state.Version,
            Monitor = (definition.Target as RuleTarget.OfMonitor)?.Name,
            Experiment = definition.Target switch
            {
                RuleTarget.OfModel named => named.Experiment,
                RuleTarget.OfMonitor monitor => monitor.Experiment,
                RuleTarget.OfExperiment experiment => experiment.Id,
                _ => null,
            },
            FiredAt = now,
            At = at,
            Baseline = found.Baseline,
            Cause = found.Causes,
            Windows = [.. state.Counted.Select(static window => new TriggerWindow(window.Window, window.Start, window.End, window.Hit))],
            CooldownUntil = definition.Aggregate.Cooldown > TimeSpan.Zero ? at + definition.Aggregate.Cooldown : null,
            Actions = [.. definition.Actions.Select(TriggerAction.Of)],
            Flight = TriggerKeys.Flight(rule.Target, RuleText.WriteActions(definition)),
            Status = definition.Mode is RuleMode.Auto ? TriggerStatus.Requested : TriggerStatus.Suggested,
        };
    }

    /// <summary>Keeps with what is pending why it is: the last window that hit, or the moment at which it was decided.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="state">The state after a window or a moment.</param>
    /// <param name="found">What it said.</param>
    /// <param name="isHit">Whether the window hit; null: it was a moment.</param>
    public static RuleState Note(RuleState before, RuleState state, FireCause found, bool? isHit)
    {
        if (isHit is not { } hit)
        {
            return state.Pending is not { IsTimed: true } timed || before.Pending is { IsTimed: true, Found: not null } ? state
                : state with { Pending = timed with { Found = timed.Found is { } kept ? new FireCause(kept.Baseline, [.. kept.Causes.Concat(found.Causes).OrderByDescending(static cause => cause.Hit).Take(MostCauses)]) : found } };
        }
        var edge = state.Edge is { } begun ? begun with { Found = hit ? found : begun.Found ?? found } : null;
        return state with { Edge = edge, Pending = state.Pending is { IsTimed: false } pending ? pending with { Found = hit ? found : pending.Found ?? edge?.Found ?? found } : state.Pending };
    }

    /// <summary>Those that hit first: a rule of fifty conditions is told by the first twenty.</summary>
    public static ImmutableArray<TriggerCause> CausesOf(IReadOnlyList<ConditionReading> readings, bool wasFiring) =>
    [
        .. readings.Select(reading => TriggerCause.Of(reading, stays: wasFiring && !reading.Enters && reading.Stays))
            .OrderByDescending(static cause => cause.Hit).Take(MostCauses)
            .Select(static cause => cause with { Metric = Short(cause.Metric), Reason = cause.Reason is { } reason ? Short(reason) : null, Columns = [.. cause.Columns.Select(static column => column with { Column = column.Column is { } name ? Short(name) : null, Metric = Short(column.Metric) })] }),
    ];

    private static string Short(string text) => text.Length <= LongestName ? text : text[..(char.IsHighSurrogate(text[LongestName - 1]) ? LongestName - 1 : LongestName)] + "...";
}
