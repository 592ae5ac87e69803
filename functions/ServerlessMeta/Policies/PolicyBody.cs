using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Policies;

/// <summary>Reads a policy and finds every fault in it, not the first alone. What <see cref="PolicyText"/> writes reads as the same policy.</summary>
internal sealed class PolicyBody
{
    private const int MostGates = 100;
    private const int MostConditions = 50;
    private const int MostApprovals = 20;
    private const int MostMetrics = 1000;
    private const int MostHours = 24 * 366;
    private const int UsualHours = 24;
    private readonly List<Failure.Invalid> faults = [];
    private ImmutableSortedDictionary<string, bool> directions = EvaluationContent.NoDirections;

    private PolicyBody()
    {
    }

    /// <returns>The policy, or its faults.</returns>
    public static (PolicyContent? Content, IReadOnlyList<Failure.Invalid> Faults) Read(JsonElement body)
    {
        var reader = new PolicyBody();
        var content = reader.ReadAll(body);
        return reader.faults.Count == 0 ? (content, []) : (null, reader.faults);
    }

    private PolicyContent ReadAll(JsonElement body)
    {
        var members = new BodyReader(body, "", faults, "higherIsBetter", "aliases", "stages");
        ReadDirections(members);
        var gates = ImmutableArray.CreateBuilder<Gate>();
        ReadGates(members, "aliases", GateTarget.OfAlias, "An alias has 1 to 255 letters, digits, underscores and hyphens.", gates);
        ReadGates(members, "stages", GateTarget.OfStage, "A stage that may be guarded is Staging or Production.", gates);
        if (gates.Count > MostGates)
        {
            members.Refuse("aliases", string.Create(CultureInfo.InvariantCulture, $"A policy guards up to {MostGates} aliases and stages."));
        }
        return new PolicyContent(directions, [.. gates.OrderBy(static gate => gate.Target.Stage is not null).ThenBy(static gate => gate.Target.ToString(), StringComparer.Ordinal)]);
    }

    private void ReadDirections(BodyReader members)
    {
        if (members.Find("higherIsBetter") is not { } value)
        {
            return;
        }
        var given = new BodyReader(value, "higherIsBetter", faults);
        var all = EvaluationContent.NoDirections.ToBuilder();
        foreach (var (metric, _) in given.All)
        {
            if (BodyReader.RefuseText(metric, EvaluationContent.LongestKey) is { } wrong)
            {
                given.Refuse(Short(metric), wrong);
            }
            else if (given.Flag(metric) is { } higher)
            {
                all[metric] = higher;
            }
        }
        if (all.Count > MostMetrics)
        {
            members.Refuse("higherIsBetter", string.Create(CultureInfo.InvariantCulture, $"It tells of up to {MostMetrics} metrics."));
        }
        directions = all.ToImmutable();
    }

    private void ReadGates(BodyReader members, string kind, Func<string, GateTarget?> targetOf, string problem, ImmutableArray<Gate>.Builder gates)
    {
        if (members.Find(kind) is not { } value)
        {
            return;
        }
        var given = new BodyReader(value, kind, faults);
        foreach (var (name, conditions) in given.All)
        {
            if (targetOf(name) is not { } target)
            {
                given.Refuse(Short(name), problem);
            }
            else if (gates.Any(gate => gate.Target == target))
            {
                given.Refuse(Short(name), "It is guarded twice.");
            }
            else
            {
                gates.Add(ReadGate(target, conditions, given.PathOf(Short(name))));
            }
        }
    }

    private Gate ReadGate(GateTarget target, JsonElement value, string path)
    {
        var members = new BodyReader(
            value, path, faults, "approvals", "evaluations", "notWorseThanHolder", "noOpenDriftAlert", "reproducible", "hashesVerified", "owner", "description", "keepHolder");
        return new Gate
        {
            Target = target,
            Approvals = ReadApprovals(members),
            Evaluations = ReadList(members, "evaluations", ReadEvaluation),
            NotWorseThanHolder = ReadList(members, "notWorseThanHolder", ReadHolder),
            NoOpenDriftAlert = members.Flag("noOpenDriftAlert") ?? false,
            Reproducible = members.Flag("reproducible") ?? false,
            VerifiedWithinHours = ReadHours(members),
            NeedsOwner = members.Flag("owner") ?? false,
            NeedsDescription = members.Flag("description") ?? false,
            KeepHolder = members.Flag("keepHolder") ?? false,
        };
    }

    private ApprovalCondition? ReadApprovals(BodyReader members)
    {
        if (members.Find("approvals") is not { } value)
        {
            return null;
        }
        var given = new BodyReader(value, members.PathOf("approvals"), faults, "count", "notByAuthor", "role");
        given.Need("count");
        var role = given.Text("role", 20);
        Role? least = role switch { null or "approver" => Role.Approver, "admin" => Role.Admin, _ => null };
        if (least is null)
        {
            given.Refuse("role", "The least role that counts is approver or admin.");
        }
        return new ApprovalCondition((int)(given.Whole("count", 1, MostApprovals) ?? 1), given.Flag("notByAuthor") ?? true, least ?? Role.Approver);
    }

    private static ImmutableArray<T> ReadList<T>(BodyReader members, string name, Func<JsonElement, string, T?> read)
        where T : class
    {
        // One condition needs no list.
        var items = members.Find(name) is { ValueKind: JsonValueKind.Object or JsonValueKind.String } single ? [single] : members.Items(name, MostConditions) ?? [];
        var all = ImmutableArray.CreateBuilder<T>();
        for (var i = 0; i < items.Count; i++)
        {
            if (read(items[i], string.Create(CultureInfo.InvariantCulture, $"{members.PathOf(name)}[{i}]")) is not { } condition)
            {
                continue;
            }
            if (all.Contains(condition))
            {
                members.Refuse(name, $"A condition stands there twice: {Short(condition.ToString()!)}");
            }
            all.Add(condition);
        }
        return all.ToImmutable();
    }

    private EvaluationCondition? ReadEvaluation(JsonElement value, string path)
    {
        if (value.ValueKind is JsonValueKind.String)
        {
            var parsed = EvaluationConditionText.Parse(value.GetString()!);
            var wrong = parsed.IsOk ? RefuseNames(parsed.Value) : parsed.Failure.Detail;
            if (wrong is not null)
            {
                faults.Add(new Failure.Invalid(path, wrong));
                return null;
            }
            return Normal(parsed.Value);
        }
        var given = new BodyReader(value, path, faults, "metric", "bound", "operator", "value", "dataset", "digest", "slice", "n");
        var metric = given.NeedText("metric", EvaluationContent.LongestKey);
        var sign = given.NeedText("operator", 2);
        var comparator = sign is null ? null : Comparators.Find(sign);
        if (sign is not null && comparator is null)
        {
            given.Refuse("operator", "One of >=, >, <=, <, = is expected.");
        }
        given.Need("value");
        var limit = given.Number("value");
        var bound = given.Text("bound", 10);
        MetricBound? looked = bound switch { null or "value" => MetricBound.Value, "low" => MetricBound.Low, "high" => MetricBound.High, _ => null };
        if (looked is null)
        {
            given.Refuse("bound", "One of value, low, high is expected.");
        }
        var dataset = given.NeedText("dataset", EvaluationContent.LongestName);
        var (digest, slice, count) = (given.Text("digest", EvaluationContent.LongestDigest), given.Text("slice", EvaluationContent.LongestName), given.Whole("n", 1, long.MaxValue));
        return metric is null || comparator is null || limit is null || looked is null || dataset is null ? null
            : Normal(new EvaluationCondition { Metric = metric, Bound = looked.Value, Comparator = comparator.Value, Value = limit.Value, Dataset = dataset, Digest = digest, Slice = slice, LeastCount = count });
    }

    private HolderCondition? ReadHolder(JsonElement value, string path)
    {
        var given = new BodyReader(value, path, faults, "metric", "by", "dataset", "digest", "slice");
        var metric = given.NeedText("metric", EvaluationContent.LongestKey);
        if (metric is not null && !directions.ContainsKey(metric))
        {
            given.Refuse("metric", "The policy's higherIsBetter must say whether more of it is better.");
        }
        var by = given.Number("by") ?? 0;
        if (by < 0)
        {
            given.Refuse("by", "How much worse it may be is not less than 0.");
        }
        var dataset = given.NeedText("dataset", EvaluationContent.LongestName);
        var (digest, slice) = (given.Text("digest", EvaluationContent.LongestDigest), given.Text("slice", EvaluationContent.LongestName));
        return metric is null || dataset is null ? null : new HolderCondition(metric, by, dataset, digest is null ? null : KnownDigest.Of(digest).Value, slice);
    }

    private int? ReadHours(BodyReader members)
    {
        if (members.Find("hashesVerified") is not { } value)
        {
            return null;
        }
        if (value.ValueKind is not JsonValueKind.Object)
        {
            return members.Flag("hashesVerified") is true ? UsualHours : null;
        }
        var given = new BodyReader(value, members.PathOf("hashesVerified"), faults, "withinHours");
        given.Need("withinHours");
        return (int?)given.Whole("withinHours", 1, MostHours);
    }

    private static EvaluationCondition Normal(EvaluationCondition condition) => condition.Digest is { } digest ? condition with { Digest = KnownDigest.Of(digest).Value } : condition;

    private static string? RefuseNames(EvaluationCondition condition) =>
        BodyReader.RefuseText(condition.Metric, EvaluationContent.LongestKey)
        ?? BodyReader.RefuseText(condition.Dataset, EvaluationContent.LongestName)
        ?? (condition.Digest is { } digest ? BodyReader.RefuseText(digest, EvaluationContent.LongestDigest) : null)
        ?? (condition.Slice is { } slice ? BodyReader.RefuseText(slice, EvaluationContent.LongestName) : null);

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
