using System.Collections.Immutable;

namespace ServerlessMeta.Policies;

/// <summary>What a decision's row keeps as JSON.</summary>
internal sealed record DecisionRecord(ImmutableArray<int> From, ImmutableArray<string> ApprovedBy, ImmutableArray<ConditionView> Conditions);
