using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <summary>What a rule says; its JSON stands at <see cref="RuleText"/>.</summary>
/// <param name="Actions">Empty: it is recorded only.</param>
public sealed record RuleDefinition(RuleTarget Target, RuleNode When, RuleAggregate Aggregate, ImmutableArray<RuleAction> Actions, RuleMode Mode)
{
    /// <summary>Whether windows alone cannot decide: the timer looks at it too.</summary>
    public bool IsTimed => When.Conditions.Any(static condition => !condition.IsOfWindows);
}
