using System.Collections.Immutable;

namespace ServerlessMeta.Policies;

/// <summary>
/// A gate before a version. <c>guarded</c> is false when the policy does not name the target; <c>open</c> says whether the version may get it now; <c>holder</c> is who has it;
/// <c>decision</c> is the last one that gave it to this version; <c>overridden</c> stays true when one ever was an override.
/// </summary>
public sealed record GateView
{
    public required string Target { get; init; }

    public required bool Guarded { get; init; }

    public required bool Open { get; init; }

    public int? Holder { get; init; }

    public required ImmutableArray<ConditionView> Conditions { get; init; }

    public DecisionView? Decision { get; init; }

    public required bool Overridden { get; init; }
}
