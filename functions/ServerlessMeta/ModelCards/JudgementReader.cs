using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Models;
using ServerlessMeta.Policies;

namespace ServerlessMeta.ModelCards;

/// <summary>Reads how a version was judged: evaluations, approvals, decisions, and the policy that is in force.</summary>
internal sealed class JudgementReader(EvaluationStore evaluations, ApprovalStore approvals, DecisionReader decisions, PolicyStore policies)
{
    public async Task<Judgement> ReadAsync(RegisteredModel model, int version, CancellationToken ct)
    {
        var (saying, deciding, holding) = (approvals.ReadAsync(model.Number, version, null, ct), DecisionsOfAsync(model, version, ct), policies.FindAsync(model, (DateTimeOffset?)null, ct));
        var measured = new List<Evaluation>();
        await foreach (var evaluation in evaluations.ReadAsync(model.Number, version, null, null, ct))
        {
            measured.Add(evaluation);
        }
        var (said, decided, policy) = (await saying, await deciding, await holding);
        var cited = await Task.WhenAll(decided.Select(static one => one.Policy).Distinct().Order().Select(number => policies.FindAsync(model, number, ct)));
        return new Judgement
        {
            // Read the last first, so that the first of each is its latest, as gates have it.
            Metrics =
            [
                .. measured.SelectMany(MetricsOf).DistinctBy(static metric => (metric.Dataset, metric.Slice, metric.Key))
                    .OrderBy(static metric => metric.Dataset, StringComparer.Ordinal).ThenBy(static metric => metric.Slice, StringComparer.Ordinal).ThenBy(static metric => metric.Key, StringComparer.Ordinal),
            ],
            Verdicts = [.. said.Reverse().Select(static one => new DossierVerdict(
                one.Id.ToString(CultureInfo.InvariantCulture), one.By, ApprovalView.WordOf(one.Decision), one.For?.ToString(), one.Comment, one.At, Roles.WordOf(one.Role), one.Content))],
            Decisions = [.. decided.Reverse().Select(static one => new DossierDecision(one.Id, one.Target.ToString(), Numbers(one.From), one.To?.ToString(CultureInfo.InvariantCulture), one.By, one.At, one.OverrideReason))],
            Records =
            [
                ("evaluations.json", Json(new EvaluationPage([.. measured.Select(EvaluationView.From)]), EvaluationsJson.Default.EvaluationPage)),
                ("approvals.json", Json(new ApprovalPage([.. said.Select(ApprovalView.From)], decided.Any(one => one.To == version && one.IsOverride)), ApprovalsJson.Default.ApprovalPage)),
                ("decisions.json", Json(new DecisionPage([.. decided.Select(DecisionView.Of)]), PoliciesJson.Default.DecisionPage)),
                ("policies.json", Json(new PolicyPage([.. cited.OfType<ModelPolicy>().Select(PolicyView.From)]), PoliciesJson.Default.PolicyPage)),
                ("policy.json", policy is null ? "null\n"u8.ToArray() : Json(PolicyView.From(policy), PoliciesJson.Default.PolicyView)),
            ],
        };
    }

    private async Task<ImmutableArray<Decision>> DecisionsOfAsync(RegisteredModel model, int version, CancellationToken ct)
    {
        var all = ImmutableArray.CreateBuilder<Decision>();
        for (string? token = null; ;)
        {
            var page = await decisions.ListAsync(model, new DecisionFilter(Version: version), 1000, token, ct);
            all.AddRange(page.Value.Items);
            if (page.Value.Next is null)
            {
                return all.ToImmutable();
            }
            token = page.Value.Next;
        }
    }

    internal static byte[] Json<T>(T? value, JsonTypeInfo<T> type)
        where T : class => value is null ? "null\n"u8.ToArray() : [.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n'];

    private static IEnumerable<DossierMetric> MetricsOf(Evaluation evaluation) => evaluation.Content.Metrics.Select(metric => new DossierMetric
    {
        Evaluation = evaluation.Id,
        Dataset = evaluation.Content.Dataset,
        DatasetDigest = evaluation.Content.Digest,
        Slice = evaluation.Content.Slice,
        Key = metric.Key,
        Value = metric.Value,
        Count = metric.Count,
        Low = metric.Low,
        High = metric.High,
        Evaluator = evaluation.Content.Evaluator,
        At = evaluation.Content.At ?? evaluation.RecordedAt,
    });

    private static string? Numbers(ImmutableArray<int> versions) => versions.IsEmpty ? null : string.Join(", ", versions.Select(static version => version.ToString(CultureInfo.InvariantCulture)));
}
