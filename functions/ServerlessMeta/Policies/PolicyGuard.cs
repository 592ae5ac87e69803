using System.Collections.Immutable;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Policies;

/// <summary>
/// Holds moves to the policy: a guarded alias or stage moves when all its conditions are met, or when an administrator overrides them with a reason; either way the decision
/// is recorded in the transaction of the move. What is read of the model's records is guarded by its row: who withdraws an approval meanwhile makes the move judge anew.
/// </summary>
internal sealed class PolicyGuard(PolicyStore policies, GateReader gates)
{
    public const int LongestReason = 5000;

    public async Task<Failure?> CheckAsync(ModelChange change, ModelMove move, CancellationToken ct)
    {
        if (TargetOf(move) is not { } target || await policies.FindInForceAsync(change.Before, ct) is not { } policy || policy.Find(target) is not { } gate)
        {
            return null;
        }
        GateFacts? facts = null;
        if (move.To is { } to)
        {
            if (await change.FindVersionAsync(to, ct) is not { } version)
            {
                return ModelVersionStore.NotFound(change.Model.Name, to);
            }
            facts = await gates.ReadAsync(gate, change.Before, version, change.At, ct);
        }
        var conditions = facts is null ? Leaving(gate, change.Before, move) : GateRules.Judge(gate, policy.Directions, facts);
        var unmet = conditions.Where(static one => one.State is not ConditionState.Met).ToList();
        if (unmet.Count > 0 && RefuseOverride(change, move, unmet) is { } refused)
        {
            return refused;
        }
        var decision = new Decision
        {
            Revision = change.Model.Revision,
            Target = target,
            From = move.From,
            To = move.To,
            At = change.At,
            By = change.By.Name,
            Role = change.By.Role,
            Policy = policy.Number,
            Conditions = conditions,
            ApprovedBy = facts is null ? [] : GateRules.ApprovedBy(gate, facts),
            Content = facts?.Content?.Digest,
            OverrideReason = unmet.Count > 0 ? move.Override : null,
        };
        change.Record(DecisionRow.From(decision, DecisionKeys.Decision(change.Model.Number, change.At, change.Model.Revision, target)), null);
        change.Tell(KeyValuePair.Create($"decision on {target}", decision.Id));
        if (decision.OverrideReason is { } reason)
        {
            change.Tell(KeyValuePair.Create($"override of {target}", reason));
            change.Model = change.Model with { Overridden = move.To is { } overridden ? change.Model.Overridden.Add(overridden) : change.Model.Overridden };
        }
        return null;
    }

    private static GateTarget? TargetOf(ModelMove move) => move.Alias is { } alias ? GateTarget.OfAlias(alias) : GateTarget.OfStage(move.Stage.ToString()!);

    private static Failure? RefuseOverride(ModelChange change, ModelMove move, IReadOnlyList<ConditionResult> unmet) => move.Override switch
    {
        null => new Failure.Unmet(move.What, [.. unmet.Select(static one => one.ToString())]),
        _ when change.By.Role < Role.Admin => new Failure.Forbidden($"{move.What} is guarded by a policy, and only an administrator may override it."),
        var reason when string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason => new Failure.Invalid("override.reason", $"An override has a reason of 1 to {LongestReason} characters."),
        _ => null,
    };

    // To take it from a version is free, for a bad one must go at once, unless the policy keeps the alias or stage from being empty.
    private static ImmutableArray<ConditionResult> Leaving(Gate gate, RegisteredModel model, ModelMove move)
    {
        if (!gate.KeepHolder)
        {
            return [];
        }
        var left = move.Stage is { } stage ? model.Stages.Where(one => one.Value == stage && !move.From.Contains(one.Key)).Select(static one => one.Key).ToList() : [];
        return
        [
            new ConditionResult("a version holds it", left.Count > 0 ? ConditionState.Met : ConditionState.Unmet, left.Count > 0 ? $"version {left[^1]} does" : "none would; give it to another version", []),
        ];
    }
}
