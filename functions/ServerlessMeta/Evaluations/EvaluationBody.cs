using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Evaluations;

/// <summary>Reads the body of an evaluation and finds every fault in it, not the first alone.</summary>
internal static class EvaluationBody
{
    /// <returns>The evaluation, or its faults.</returns>
    public static (EvaluationContent? Content, IReadOnlyList<Failure.Invalid> Faults) Read(JsonElement body)
    {
        var faults = new List<Failure.Invalid>();
        var members = new BodyReader(body, "", faults, "dataset", "slice", "metrics", "evaluator", "run", "plots", "at", "note", "higherIsBetter");
        var (dataset, digest) = Dataset(members, faults);
        var metrics = Metrics(members, faults);
        var content = new EvaluationContent
        {
            Dataset = dataset ?? "",
            Digest = digest ?? "",
            Slice = members.Text("slice", EvaluationContent.LongestName),
            Metrics = metrics,
            Evaluator = members.Text("evaluator", EvaluationContent.LongestKey),
            Run = Run(members),
            Plots = Plots(members, faults),
            At = members.Instant("at"),
            Note = members.Text("note", EvaluationContent.LongestNote, lines: true),
            HigherIsBetter = Directions(members, metrics, faults),
        };
        return faults.Count == 0 ? (content, []) : (null, faults);
    }

    private static (string? Name, string? Digest) Dataset(BodyReader members, List<Failure.Invalid> faults)
    {
        if (members.Need("dataset") is not { } value)
        {
            return (null, null);
        }
        var dataset = new BodyReader(value, "dataset", faults, "name", "digest");
        var name = dataset.NeedText("name", EvaluationContent.LongestName);
        var digest = dataset.NeedText("digest", EvaluationContent.LongestDigest);
        return (name, digest is null ? null : Digest(dataset, digest));
    }

    private static string Digest(BodyReader members, string digest)
    {
        if (!digest.All(static c => c is > ' ' and < '\x7f'))
        {
            members.Refuse("digest", "A digest has visible ASCII characters alone.");
        }
        return KnownDigest.Of(digest).Value;
    }

    private static ImmutableArray<EvaluationMetric> Metrics(BodyReader members, List<Failure.Invalid> faults)
    {
        members.Need("metrics");
        if (members.Items("metrics", EvaluationContent.MostMetrics) is not { } items)
        {
            return [];
        }
        if (items.Count == 0)
        {
            members.Refuse("metrics", "An evaluation has at least one metric.");
        }
        var metrics = new SortedDictionary<string, EvaluationMetric>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"metrics[{i}]");
            var one = new BodyReader(items[i], place, faults, "key", "value", "n", "low", "high");
            var key = one.NeedText("key", EvaluationContent.LongestKey);
            one.Need("value");
            var (value, low, high) = (one.Number("value"), one.Number("low"), one.Number("high"));
            if (low > value)
            {
                one.Refuse("low", "The lower end of an interval is not above the value.");
            }
            if (high < value)
            {
                one.Refuse("high", "The upper end of an interval is not below the value.");
            }
            if (key is not null && !metrics.TryAdd(key, new EvaluationMetric(key, value ?? 0, one.Whole("n", 1, long.MaxValue), low, high)))
            {
                one.Refuse("key", "Another metric has it.");
            }
        }
        return [.. metrics.Values];
    }

    private static RunId? Run(BodyReader members)
    {
        if (members.Text("run", EvaluationContent.LongestKey) is not { } text)
        {
            return null;
        }
        if (RunId.TryParse(text, CultureInfo.InvariantCulture, out var run))
        {
            return run;
        }
        members.Refuse("run", "A run id is expected: 32 hex digits.");
        return null;
    }

    private static ImmutableArray<EvaluationPlot> Plots(BodyReader members, List<Failure.Invalid> faults)
    {
        if (members.Items("plots", EvaluationContent.MostPlots) is not { } items)
        {
            return [];
        }
        var plots = ImmutableArray.CreateBuilder<EvaluationPlot>();
        for (var i = 0; i < items.Count; i++)
        {
            var one = new BodyReader(items[i], string.Create(CultureInfo.InvariantCulture, $"plots[{i}]"), faults, "name", "uri", "path", "digest");
            if (!one.IsObject)
            {
                continue;
            }
            var name = one.NeedText("name", EvaluationContent.LongestName);
            var (uri, path) = (one.Text("uri", EvaluationContent.LongestUri), one.Text("path", ArtifactPath.MaxLength));
            if (one.Has("uri") == one.Has("path"))
            {
                one.Refuse("uri", "Either uri or path is needed: an address, or the path of an artifact of the run.");
            }
            if (uri is not null && LocationSecrets.IsIn(uri))
            {
                one.Refuse("uri", "An address holds no password and no signature: everyone who sees the evaluation sees it.");
            }
            if (path is not null && ArtifactPath.Parse(path) is { IsOk: false } wrong)
            {
                one.Refuse("path", wrong.Failure.Detail);
            }
            if (path is not null && !members.Has("run"))
            {
                one.Refuse("path", "It is a path among the artifacts of run, which is needed then.");
            }
            var digest = one.Text("digest", EvaluationContent.LongestDigest);
            plots.Add(new EvaluationPlot(name ?? "", uri, path, digest is null ? null : Digest(one, digest)));
        }
        return plots.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, bool> Directions(BodyReader members, ImmutableArray<EvaluationMetric> metrics, List<Failure.Invalid> faults)
    {
        if (members.Find("higherIsBetter") is not { } value)
        {
            return EvaluationContent.NoDirections;
        }
        var known = metrics.Select(static metric => metric.Key).ToHashSet(StringComparer.Ordinal);
        var directions = new BodyReader(value, "higherIsBetter", faults);
        var all = EvaluationContent.NoDirections.ToBuilder();
        foreach (var (metric, _) in directions.All)
        {
            if (!known.Contains(metric))
            {
                directions.Refuse(metric.Length > 60 ? metric[..60] + "..." : metric, "There is no such metric.");
            }
            else if (directions.Flag(metric) is { } higher)
            {
                all[metric] = higher;
            }
        }
        return all.ToImmutable();
    }
}
