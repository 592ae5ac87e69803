using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Monitoring.Performance;

/// <summary>Says of a metric whether it has become worse: by more than chance, and by enough to matter.</summary>
internal static class Judgement
{
    /// <summary>All metrics of a window, each against the baseline's; their tests are corrected for their number, since one of many falls by chance.</summary>
    /// <param name="reference">The baseline's metrics by name.</param>
    /// <param name="isJudged">Whether there are labels enough for a verdict.</param>
    /// <param name="flags">Of each result.</param>
    public static IReadOnlyList<MetricResult> Of(
        IEnumerable<Measure> current, IReadOnlyDictionary<string, Measure> reference, AnalysisOptions options, bool isJudged, ImmutableArray<string> flags)
    {
        var compared = current.Select(one => Compare(one, reference.GetValueOrDefault(one.Name), options, flags)).ToList();
        var tested = Enumerable.Range(0, compared.Count).Where(i => compared[i].Result.P is not null).ToList();
        var adjusted = MultipleTesting.Adjust([.. tested.Select(i => compared[i].Result.P!.Value)], options.Correction);
        MetricResult[] results = [.. compared.Select(static one => one.Result)];
        foreach (var (i, p) in tested.Zip(adjusted))
        {
            var isKnown = isJudged && results[i].ReferenceCount >= options.MinCount;
            results[i] = results[i] with { AdjustedP = p, Verdict = !isKnown ? Verdict.None : p < options.Alpha && compared[i].Effect >= options.MinEffect ? Verdict.Drift : Verdict.NoDrift };
        }
        return results;
    }

    private static (MetricResult Result, double Effect) Compare(Measure current, Measure? reference, AnalysisOptions options, ImmutableArray<string> flags)
    {
        var result = new MetricResult
        {
            Metric = current.Name,
            Status = current.Value is not null ? MetricStatus.Ok : MetricStatus.NotComputable,
            Value = current.Value,
            Low = current.Low,
            High = current.High,
            Method = current.Method,
            ReferenceCount = reference?.Count ?? 0,
            CurrentCount = current.Count,
            Reference = reference?.Value,
            Flags = flags,
            Reason = current.Reason,
        };
        return current.Kind is MeasureKind.Plain || Effect(current, reference) is not { } effect || Test(current, reference!) is not { } test
            ? (result, 0)
            : (result with { P = test.P, Method = $"{current.Method}/{test.Name}", Threshold = options.MinEffect }, effect);
    }

    /// <summary>How much of accuracy is lost, with Newcombe's interval; null without a reference. The verdict stands at the accuracy.</summary>
    public static MetricResult? AccuracyDrop(Measure? current, Measure? reference, ImmutableArray<string> flags)
    {
        if (current?.Share is not { } now || reference?.Share is not { } before)
        {
            return null;
        }
        var (low, high) = DropTest.Newcombe(before, now);
        return new()
        {
            Metric = "accuracyDrop",
            Status = MetricStatus.Ok,
            Value = before.Value - now.Value,
            Low = low,
            High = high,
            Method = "newcombe",
            ReferenceCount = before.Count,
            CurrentCount = now.Count,
            Flags = flags,
        };
    }

    /// <summary>How much worse it is, in the units of <see cref="AnalysisOptions.MinEffect"/>; negative for better, null without both values.</summary>
    private static double? Effect(Measure current, Measure? reference)
    {
        if (current.Value is not { } now || reference?.Value is not { } before)
        {
            return null;
        }
        return current.Kind switch
        {
            MeasureKind.Share => before - now,
            MeasureKind.Cost => Part(now - before, before),
            MeasureKind.Bias => Part(Math.Abs(now) - Math.Abs(before), reference.Scale ?? 0),
            _ => null,
        };
    }

    /// <summary>Any growth from nothing is as great as can be.</summary>
    private static double Part(double growth, double of) => of > 0 ? growth / of : growth > 0 ? double.MaxValue : 0;

    private static (string Name, double P)? Test(Measure current, Measure reference)
    {
        if (current.Share is { } now && reference.Share is { } before)
        {
            return DropTest.IsSmall(before, now) ? ("fisher", DropTest.Fisher(before, now)) : ("two-proportion-z", DropTest.TwoShares(before, now).P);
        }
        if (current.Spread is { } spread && reference.Spread is { } other)
        {
            return DropTest.Welch(other, spread) is not { } welch ? null : ("welch", current.Kind is MeasureKind.Bias ? 2 * Math.Min(welch.P, 1 - welch.P) : welch.P);
        }
        if (current.Error is { } error && reference.Error is { } referenceError)
        {
            var drop = reference.Value!.Value - current.Value!.Value;
            var both = Math.Sqrt(error * error + referenceError * referenceError);
            return ("z", both > 0 ? Normal.Sf(drop / both) : drop > 0 ? 0 : drop < 0 ? 1 : 0.5);
        }
        return null;
    }
}
