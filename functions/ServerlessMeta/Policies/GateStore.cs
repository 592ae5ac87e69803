using System.Collections.Immutable;
using ServerlessMeta.Approvals;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Policies;

/// <summary>Says which gates are open to a version, without moving anything.</summary>
public sealed class GateStore
{
    private readonly PolicyStore policies;
    private readonly ModelReader reader;
    private readonly GateReader gates;
    private readonly DecisionReader decisions;
    private readonly TimeProvider time;

    internal GateStore(PolicyStore policies, ModelReader reader, GateReader gates, DecisionReader decisions, TimeProvider time) =>
        (this.policies, this.reader, this.gates, this.decisions, this.time) = (policies, reader, gates, decisions, time);

    /// <summary>Judges the gates before a version: the version and the policy, then of each gate what it asks for, and one for its decisions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">The version's number.</param>
    /// <param name="targets">Which aliases and stages; none: all that the policy guards.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<GatesView>> JudgeAsync(RegisteredModel model, int version, IReadOnlyList<GateTarget> targets, CancellationToken ct)
    {
        if (await reader.FindVersionAsync(model, version, ct) is not { } found)
        {
            return ModelVersionStore.NotFound(model.Name, version);
        }
        var policy = await policies.FindInForceAsync(model, ct);
        var views = ImmutableArray.CreateBuilder<GateView>();
        foreach (var target in targets.Count > 0 ? targets : policy?.Content.Gates.Select(static gate => gate.Target) ?? [])
        {
            views.Add(await JudgeAsync(model, found, policy, target, ct));
        }
        return new GatesView(model.Name, version, policy?.Number, model.Overridden.Contains(version), views.ToImmutable());
    }

    private async Task<GateView> JudgeAsync(RegisteredModel model, ModelVersion version, ModelPolicy? policy, GateTarget target, CancellationToken ct)
    {
        var taken = (await decisions.ReadAsync(model, target, ct)).Where(one => one.To == version.Number).ToList();
        var gate = policy?.Find(target);
        var conditions = gate is null ? [] : GateRules.Judge(gate, policy!.Directions, await gates.ReadAsync(gate, model, version, time.GetUtcNow(), ct));
        return new GateView
        {
            Target = target.ToString(),
            Guarded = gate is not null,
            Open = conditions.All(static one => one.State is ConditionState.Met),
            Holder = GateReader.HolderOf(target, model, version.Number),
            Conditions = [.. conditions.Select(ConditionView.From)],
            Decision = taken.Count > 0 ? DecisionView.Of(taken[0]) : null,
            Overridden = taken.Exists(static one => one.IsOverride),
        };
    }
}
