using ServerlessMeta.Access;
using ServerlessMeta.Environments;

namespace ServerlessMeta.Policies;

/// <summary>
/// A policy as JSON, the same bytes for the same policy, as it is kept and answered:
/// <code>
/// {"higherIsBetter": {"accuracy": true},
///  "aliases": {"production": {
///     "approvals": {"count": 2, "notByAuthor": true, "role": "approver"},
///     "evaluations": ["accuracy >= 0.9 on holdout", {"metric": "recall", "bound": "low", "operator": ">=", "value": 0.8, "dataset": "holdout", "slice": "minority", "n": 500}],
///     "notWorseThanHolder": [{"metric": "accuracy", "by": 0.01, "dataset": "holdout"}],
///     "noOpenDriftAlert": true, "reproducible": true, "hashesVerified": {"withinHours": 24}, "owner": true, "description": true, "keepHolder": true}},
///  "stages": {"Production": {...}}}
/// </code>
/// Every member may be absent; <c>notByAuthor</c> is then true, <c>by</c> 0, <c>hashesVerified: true</c> means within 24 hours. A condition on evaluations may be a text
/// (see <see cref="EvaluationConditionText"/>) or an object; it is answered as an object.
/// </summary>
internal static class PolicyText
{
    public const int HighestBytes = 300_000;

    public static byte[] Write(PolicyContent policy)
    {
        var json = new CanonicalJson();
        json.Object(null, () =>
        {
            json.Object("higherIsBetter", () =>
            {
                foreach (var (metric, higher) in policy.HigherIsBetter)
                {
                    json.Flag(metric, higher);
                }
            });
            json.Object("aliases", () => WriteGates(json, policy.Gates.Where(static gate => gate.Target.Alias is not null)));
            json.Object("stages", () => WriteGates(json, policy.Gates.Where(static gate => gate.Target.Stage is not null)));
        });
        return json.ToUtf8();
    }

    private static void WriteGates(CanonicalJson json, IEnumerable<Gate> gates)
    {
        foreach (var gate in gates)
        {
            json.Object(gate.Target.Alias ?? gate.Target.Stage.ToString(), () => WriteGate(json, gate));
        }
    }

    private static void WriteGate(CanonicalJson json, Gate gate)
    {
        if (gate.Approvals is { } approvals)
        {
            json.Object("approvals", () => json.Number("count", approvals.Count).Flag("notByAuthor", approvals.NotByAuthor).Text("role", Roles.WordOf(approvals.Role)));
        }
        if (!gate.Evaluations.IsEmpty)
        {
            json.List("evaluations", gate.Evaluations, condition => json.Object(null, () => WriteCondition(json, condition)));
        }
        if (!gate.NotWorseThanHolder.IsEmpty)
        {
            json.List("notWorseThanHolder", gate.NotWorseThanHolder, condition => json.Object(null, () =>
                json.Text("metric", condition.Metric).Number("by", condition.By).Text("dataset", condition.Dataset).TextIf("digest", condition.Digest).TextIf("slice", condition.Slice)));
        }
        if (gate.VerifiedWithinHours is { } hours)
        {
            json.Object("hashesVerified", () => json.Number("withinHours", hours));
        }
        foreach (var (name, isOn) in (ReadOnlySpan<(string, bool)>)
            [("noOpenDriftAlert", gate.NoOpenDriftAlert), ("reproducible", gate.Reproducible), ("owner", gate.NeedsOwner), ("description", gate.NeedsDescription), ("keepHolder", gate.KeepHolder)])
        {
            if (isOn)
            {
                json.Flag(name, true);
            }
        }
    }

    private static void WriteCondition(CanonicalJson json, EvaluationCondition condition)
    {
        json.Text("metric", condition.Metric);
        if (condition.Bound is not MetricBound.Value)
        {
            json.Text("bound", condition.Bound is MetricBound.Low ? "low" : "high");
        }
        json.Text("operator", Comparators.SignOf(condition.Comparator)).Number("value", condition.Value).Text("dataset", condition.Dataset).TextIf("digest", condition.Digest).TextIf("slice", condition.Slice);
        if (condition.LeastCount is { } count)
        {
            json.Number("n", count);
        }
    }
}
