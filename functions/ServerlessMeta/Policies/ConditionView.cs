using System.Collections.Immutable;

namespace ServerlessMeta.Policies;

/// <summary>
/// A condition: <c>state</c> is met, unmet or unknown (which counts as unmet); <c>evidence</c> names the records that prove it: <c>evaluation:{id}</c>, <c>approval:{id}</c>,
/// <c>verification:{id}</c>, <c>decision:{id}</c>, <c>run:{id}</c>, <c>alert:{id}</c>.
/// </summary>
public sealed record ConditionView(string Condition, string State, string Detail, ImmutableArray<string> Evidence)
{
    internal static ConditionView From(ConditionResult result) => new(result.Condition, result.State.ToString().ToLowerInvariant(), result.Detail, result.Evidence);

    internal ConditionResult ToResult() => new(Condition, Enum.Parse<ConditionState>(State, ignoreCase: true), Detail, Evidence);
}
