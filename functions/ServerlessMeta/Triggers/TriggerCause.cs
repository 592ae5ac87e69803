using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <summary>A condition of the rule as it was when the trigger fired.</summary>
/// <param name="Signal">As in the rule: <c>performance</c>, ...</param>
/// <param name="Metric">As in the rule.</param>
/// <param name="Op">As in the rule.</param>
/// <param name="Threshold">That it was held against.</param>
/// <param name="Value">Null: it was unknown, and <paramref name="Reason"/> says why.</param>
/// <param name="N">How many values it was computed from.</param>
/// <param name="Hit">Whether it held.</param>
/// <param name="Reason">Why it is unknown; or what happened, in words.</param>
/// <param name="Columns">By what it was judged, the worst first.</param>
/// <param name="Baseline">The windows before that it was compared with, as in the rule; null: the baseline.</param>
public sealed record TriggerCause(string Signal, string Metric, string Op, double Threshold, double? Value, long N, bool Hit, string? Reason, ImmutableArray<CauseColumn> Columns, string? Baseline = null)
{
    internal static TriggerCause Of(ConditionReading reading, bool stays) => new(
        RuleWords.Of(reading.Condition.Signal), reading.Condition.Metric, RuleWords.Of(reading.Condition.Operator), stays ? reading.Condition.Exit : reading.Condition.Enter, reading.Value, reading.N,
        reading.Hit(stays) is true, reading.Reason, reading.Columns,
        reading.Condition.Baseline == RuleCondition.Training ? null : reading.Condition.Baseline);
}
