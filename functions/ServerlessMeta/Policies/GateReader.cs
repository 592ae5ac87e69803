using System.Collections.Immutable;
using ServerlessMeta.Approvals;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Models;
using ServerlessMeta.Reproduction;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.Policies;

/// <summary>Reads what the conditions of a gate ask for, all at once, and nothing else.</summary>
internal sealed class GateReader(EvaluationStore evaluations, ApprovalStore approvals, VersionEvidence evidence, DecisionReader decisions)
{
    /// <summary>
    /// The facts: an operation for what was said of the version; when they are asked for, one or two for each dataset, one for each thousand files, one for the verification,
    /// one or two for the decisions, and what judging the run costs.
    /// </summary>
    public async Task<GateFacts> ReadAsync(Gate gate, RegisteredModel model, ModelVersion version, DateTimeOffset at, CancellationToken ct)
    {
        var present = HolderOf(gate.Target, model, version.Number);
        // To take it away is free; were only the present holder compared with, it would be the way around the comparison.
        var holder = present ?? (gate.NotWorseThanHolder.IsEmpty ? null : Decision.FindLastHolder(await decisions.ReadAsync(model, gate.Target, ct), version.Number));
        var isCompared = !gate.NotWorseThanHolder.IsEmpty && holder is { } other && other != version.Number;
        ImmutableArray<string> compared = [.. gate.NotWorseThanHolder.Select(static condition => condition.Dataset).Distinct(StringComparer.Ordinal)];
        ImmutableArray<string> asked = [.. gate.Evaluations.Select(static condition => condition.Dataset).Concat(isCompared ? compared : []).Distinct(StringComparer.Ordinal)];
        var said = approvals.ReadAsync(model.Number, version.Number, null, ct);
        var mine = MeasuredAsync(model.Number, version.Number, asked, ct);
        var its = isCompared ? MeasuredAsync(model.Number, holder!.Value, compared, ct) : null;
        var content = gate.Approvals is not null || gate.VerifiedWithinHours is not null ? evidence.ContentAsync(version, ct) : null;
        var verification = gate.VerifiedWithinHours is not null ? evidence.VerificationAsync(version, ct) : null;
        var reproducibility = gate.Reproducible ? evidence.ReproducibilityAsync(version, ct) : null;
        var alerts = gate.NoOpenDriftAlert ? evidence.AlertsAsync(model, version.Number, ct) : null;
        var held = isCompared ? decisions.FindHeldAsync(model, gate.Target, version.Number, ct) : null;
        await Task.WhenAll(new Task?[] { said, mine, its, content, verification, reproducibility, alerts, held }.OfType<Task>());
        return new GateFacts
        {
            Model = model,
            Version = version,
            At = at,
            Approvals = await said,
            Measured = await mine,
            Holder = holder,
            HasHolderLeft = present is null && holder is not null,
            HolderMeasured = its is null ? new Measurements([]) : await its,
            Content = content is null ? null : await content,
            Verification = verification is null ? null : await verification,
            Reproducibility = reproducibility is null ? null : await reproducibility,
            Alerts = alerts is null ? null : await alerts,
            HeldBy = held is null ? null : await held,
        };
    }

    /// <summary>Which version holds an alias or a stage; of a stage the newest but the one that is looked at, that one when it is alone.</summary>
    public static int? HolderOf(GateTarget target, RegisteredModel model, int version)
    {
        if (target.Alias is { } alias)
        {
            return model.Aliases.TryGetValue(alias, out var holder) ? holder : null;
        }
        var inStage = model.Stages.Where(one => one.Value == target.Stage).Select(static one => one.Key).ToList();
        return inStage.Where(other => other != version).Select(static other => (int?)other).LastOrDefault() ?? (inStage.Count > 0 ? version : null);
    }

    private Task<Measurements> MeasuredAsync(long model, int version, ImmutableArray<string> datasets, CancellationToken ct) =>
        Measurements.ReadAsync(datasets.Select(dataset => evaluations.ReadAsync(model, version, dataset, null, ct)));
}
