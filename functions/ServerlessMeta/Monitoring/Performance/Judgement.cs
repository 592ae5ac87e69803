using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring.Performance;

/// <summary>Says of a metric whether it has become worse: by more than chance, and by enough to matter.</summary>
internal static class Judgement
{
    /// <param name="reference">The same metric of the baseline; null or without value: nothing to compare with.</param>
    /// <param name="isJudged">Whether there are labels enough for a verdict.</param>
    public static MetricResult Of(Measure current, Measure? reference, AnalysisOptions options, bool isJudged, ImmutableArray<string> flags)
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
        if (current.Kind is MeasureKind.Plain || Effect(current, reference) is not { } effect || Test(current, reference!) is not { } test)
        {
            return result;
        }
        return result with
        {
            P = test.P,
            Method = $"{current.Method}/{test.Name}",
            Threshold = options.MinEffect,
            Verdict = !isJudged || reference!.Count < options.MinCount ? Verdict.None : test.P < options.Alpha && effect >= options.MinEffect ? Verdict.Drift : Verdict.NoDrift,
        };
    }

    /// <summary>How much of accuracy is lost, with Newcombe's interval; null without a reference.</summary>
    public static MetricResult? AccuracyDrop(Measure? current, Measure? reference, MetricResult? accuracy)
    {
        if (current?.Share is not { } now || reference?.Share is not { } before || accuracy is null)
        {
            return null;
        }
        var (low, high) = DropTest.Newcombe(before, now);
        return accuracy with { Metric = "accuracyDrop", Value = before.Value - now.Value, Low = low, High = high, Method = $"newcombe/{accuracy.Method.Split('/')[^1]}", Reference = null };
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
            return ("two-proportion-z", DropTest.TwoShares(before, now).P);
        }
        if (current.Spread is { } spread && reference.Spread is { } other)
        {
            return DropTest.Welch(other, spread) is not { } welch ? null : ("welch", current.Kind is MeasureKind.Bias ? 2 * Math.Min(welch.P, 1 - welch.P) : welch.P);
        }
        if (current.Error is { } error && reference.Error is { } referenceError)
        {
            var drop = reference.Value!.Value - current.Value!.Value;
            var both = Math.Sqrt(error * error + referenceError * referenceError);
            return ("z", both > 0 ? DropTest.Tail(drop / both) : drop > 0 ? 0 : drop < 0 ? 1 : 0.5);
        }
        return null;
    }
}
