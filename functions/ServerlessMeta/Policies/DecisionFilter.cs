using ServerlessMeta.Approvals;

namespace ServerlessMeta.Policies;

/// <summary>Which decisions of a model are wanted; what is null does not matter.</summary>
public sealed record DecisionFilter(GateTarget? Target = null, int? Version = null, bool? IsOverride = null, DateTimeOffset? AsOf = null)
{
    public bool Wants(Decision decision) =>
        (Target is null || Target == decision.Target)
        && (Version is not { } version || decision.To == version || decision.From.Contains(version))
        && (IsOverride is null || IsOverride == decision.IsOverride);
}
