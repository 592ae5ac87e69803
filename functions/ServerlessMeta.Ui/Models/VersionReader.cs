using System.Collections.Immutable;
using ServerlessMeta.Approvals;
using ServerlessMeta.Evaluations;
using ServerlessMeta.ModelCards;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;

namespace ServerlessMeta.Ui.Models;

/// <summary>Reads the parts of a version's page.</summary>
internal sealed class VersionReader(VersionRecords records, GateStore gates, EvaluationStore evaluations, DirectionsOf directions, DossierReader dossiers)
{
    // A chart over versions shows so many: the newest, but never without the one that is looked at.
    private const int MostVersions = 50;

    /// <summary>Approvals, verifications, origin: an operation each; and what the gates ask for.</summary>
    public async Task<VersionOverviewModel> OverviewAsync(RegisteredModel model, int version, DateTimeOffset? asOf, CancellationToken ct)
    {
        var judging = asOf is null && model.Policy != 0 ? gates.JudgeAsync(model, version, [], ct) : null;
        var recorded = await records.ReadAsync(model, version, asOf, ct);
        return judging is not null && await judging is { IsOk: true } judged ? recorded with { Gates = judged.Value } : recorded;
    }

    /// <summary>A metric over versions: an operation for a thousand evaluations, and one for the policy.</summary>
    public async Task<EvaluationsModel> EvaluationsAsync(RegisteredModel model, int version, string? metric, DateTimeOffset? asOf, CancellationToken ct)
    {
        var first = Math.Max(1, Math.Min(version, model.LastVersion - MostVersions + 1));
        var ruling = directions(model, ct);
        var found = new List<Evaluation>();
        await foreach (var evaluation in evaluations.ReadManyAsync(model.Number, first, Math.Min(model.LastVersion, first + MostVersions - 1), ct))
        {
            if (model.Has(evaluation.Version) && (asOf is null || evaluation.RecordedAt <= asOf))
            {
                found.Add(evaluation);
            }
        }
        return EvaluationSeries.Of(found, version, metric, await ruling);
    }

    /// <summary>The card: about a dozen operations, for it is made of all that is recorded.</summary>
    public async Task<Result<CardModel>> CardAsync(RegisteredModel model, int version, CancellationToken ct)
    {
        var dossier = await dossiers.ReadAsync(model, version, ct);
        return dossier.IsOk ? CardModel.Of(CardBuilder.Of(dossier.Value)) : dossier.Failure;
    }
}
