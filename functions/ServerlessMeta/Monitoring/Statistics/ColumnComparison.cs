using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Compares a column of a window with that of a reference: every metric that its kind allows, and the verdict of the one that decides. One bad column never fails the others.</summary>
internal static class ColumnComparison
{
    private const string NoColumn = "The window has no such column.";

    /// <param name="current">Null, or without rows: the window has no such column, which counts as one whose values are all missing.</param>
    /// <param name="windowRows">Rows of the whole window.</param>
    /// <param name="baselineSample">Values of the reference, if there are any raw ones; null: none. Exact where they are as many as the profile counts.</param>
    public static ColumnResult Compare(
        ColumnProfile? baseline, ColumnProfile? current, long windowRows, string column, ColumnRole role, AnalysisOptions options, IReadOnlyList<double>? baselineSample, IReadOnlyList<double>? currentSample)
    {
        var result = new ColumnResult { Column = column, Role = role, Kind = baseline?.Kind ?? current?.Kind ?? ColumnKind.Numeric, Status = MetricStatus.Ok };
        try
        {
            return Compare(result, baseline, current, windowRows, options, baselineSample, currentSample);
        }
        catch (Exception broken)
        {
            return result with { Status = MetricStatus.NotComputable, Reason = broken.Message };
        }
    }

    /// <summary>The verdict of the metric that decides; a missing share that changed is drift whatever that says, and so are words in the place of numbers.</summary>
    public static ColumnResult Decide(ColumnResult column, AnalysisOptions options)
    {
        if (column.Status == MetricStatus.TypeMismatch)
        {
            return column with { Verdict = Verdict.Drift, DecidedBy = "type" };
        }
        var name = column.Kind == ColumnKind.Numeric ? options.NumericMetric : options.CategoricalMetric;
        var deciding = column.Metrics.FirstOrDefault(metric => metric.Metric == name);
        var verdict = deciding?.Verdict ?? Verdict.None;
        return column.Metrics.Any(static metric => metric is { Metric: "missing", Verdict: Verdict.Drift }) && verdict != Verdict.Drift
            ? column with { Verdict = Verdict.Drift, DecidedBy = "missing" }
            : column with { Verdict = verdict, DecidedBy = deciding?.Metric };
    }

    private static ColumnResult Compare(
        ColumnResult result, ColumnProfile? baseline, ColumnProfile? current, long windowRows, AnalysisOptions options, IReadOnlyList<double>? baselineSample, IReadOnlyList<double>? currentSample)
    {
        if (baseline is not { Count: > 0 })
        {
            return result with { Status = MetricStatus.NoReference, Reason = "The reference has no such column." };
        }
        var isThere = current is { Count: > 0 };
        // A producer that leaves nulls out has no column where all are null. Labels are different: they mostly come later, on their own.
        if (!isThere && (windowRows <= 0 || result.Role == ColumnRole.Label))
        {
            return result with { Status = MetricStatus.EmptyWindow, Reason = NoColumn };
        }
        current = isThere ? current! : new ColumnProfile { Name = result.Column, Kind = baseline.Kind, Count = windowRows, Missing = windowRows };
        var rows = new MetricList(options, baseline.Count, current.Count);
        CompareMissing(rows, baseline, current, options);
        if (WhyNot(baseline, current, options) is { } why)
        {
            var (status, reason) = isThere ? why : (MetricStatus.EmptyWindow, NoColumn);
            rows.Failed(result.Kind == ColumnKind.Numeric ? options.NumericMetric : options.CategoricalMetric, status, "profile", reason);
            return Decide(result with { Status = status, Reason = reason, Metrics = rows.ToImmutable() }, options);
        }
        if (AlikeOrNull(baseline, current) is not { } alike)
        {
            return Decide(result with { Status = MetricStatus.TypeMismatch, Reason = $"{baseline.Kind} in the reference, {current.Kind} in the window.", Metrics = rows.ToImmutable() }, options);
        }
        (baseline, current) = alike;
        result = result with { Kind = baseline.Kind };
        result = CompareValues(result, baseline, current, options, Finite(baselineSample), Finite(currentSample));
        return Decide(result with { Metrics = [.. result.Metrics, .. rows.ToImmutable()] }, options);
    }

    /// <summary>Both of one kind. Whole numbers of few values, which a side took for categories, are numbers beside others; null: there are words on one side.</summary>
    private static (ColumnProfile Baseline, ColumnProfile Current)? AlikeOrNull(ColumnProfile baseline, ColumnProfile current) =>
        baseline.Kind == current.Kind ? (baseline, current)
        : baseline.Kind == ColumnKind.Categorical ? ColumnMerge.AsNumbers(baseline, current.Bins) is { } before ? (before, current) : null
        : ColumnMerge.AsNumbers(current, baseline.Bins) is { } now ? (baseline, now)
        : null;

    private static ColumnResult CompareValues(ColumnResult result, ColumnProfile baseline, ColumnProfile current, AnalysisOptions options, double[] baselineSample, double[] currentSample)
    {
        var isSame = IsSame(baseline, current);
        var pair = result.Kind == ColumnKind.Categorical ? CategoryPair.Of(baseline, current) : null;
        var edgesDiffer = baseline.Bins is { } a && current.Bins is { } b && !a.Edges.AsSpan().SequenceEqual(b.Edges.AsSpan());
        var isGuessed = !isSame && result.Kind == ColumnKind.Numeric && (edgesDiffer || baseline.IsApproximate || current.IsApproximate);
        var metrics = new MetricList(options, baseline.Present, current.Present)
        {
            IsConstant = isSame,
            IsGuessed = isGuessed,
            IsApproximate = isGuessed || pair is { IsApproximate: true } || (result.Kind == ColumnKind.Categorical && !isSame && (baseline.IsApproximate || current.IsApproximate)),
        };
        if (baseline.Distinct is > 0 && current.Distinct is { } distinct)
        {
            metrics.Distance("distinctRatio", distinct / baseline.Distinct.Value, "profile");
        }
        var added = ImmutableArray<CategoryShare>.Empty;
        if (result.Kind == ColumnKind.Categorical)
        {
            if (isSame)
            {
                CategoricalComparison.Same(metrics);
            }
            else if (pair is null)
            {
                metrics.Failed(options.CategoricalMetric, MetricStatus.NotComputable, "categories", "A profile has no categories.");
            }
            else
            {
                added = CategoricalComparison.Compare(metrics, pair, options);
            }
        }
        else if (isSame)
        {
            NumericComparison.Same(metrics);
        }
        else
        {
            NumericComparison.Compare(metrics, baseline, current, options);
        }
        return result with
        {
            Status = isSame ? MetricStatus.ConstantBoth : MetricStatus.Ok,
            NewCategories = added,
            Metrics = isSame || result.Kind == ColumnKind.Categorical ? metrics.ToImmutable() : WithSamples(metrics.ToImmutable(), baseline, current, options, baselineSample, currentSample),
        };
    }

    /// <summary>What raw values say more exactly stands in the place of what the profile said.</summary>
    private static ImmutableArray<MetricResult> WithSamples(ImmutableArray<MetricResult> metrics, ColumnProfile baseline, ColumnProfile current, AnalysisOptions options, double[] baselineSample, double[] currentSample)
    {
        if (Math.Min(baselineSample.Length, currentSample.Length) < Math.Max(1, options.MinCount))
        {
            return metrics;
        }
        var exact = new MetricList(options, baselineSample.Length, currentSample.Length);
        var isWhole = baselineSample.Length == baseline.Present && currentSample.Length == current.Present;
        SampleComparison.Compare(exact, baselineSample, currentSample, isWhole, options);
        var added = exact.ToImmutable();
        return [.. metrics.Where(metric => !added.Any(other => other.Metric == metric.Metric && other.Status == MetricStatus.Ok)), .. added.Where(metric => metric.Status == MetricStatus.Ok || !metrics.Any(other => other.Metric == metric.Metric))];
    }

    /// <summary>The change of the missing share, with its z-test.</summary>
    private static void CompareMissing(MetricList metrics, ColumnProfile baseline, ColumnProfile current, AnalysisOptions options)
    {
        if (Math.Min(baseline.Count, current.Count) < options.MinCount)
        {
            metrics.Failed("missing", MetricStatus.TooFewSamples, "z-test", TooFew(Math.Min(baseline.Count, current.Count), options));
            return;
        }
        var test = ShareTest.Compare(baseline.Missing, baseline.Count, current.Missing, current.Count);
        metrics.Test("missing", ((double)current.Missing / current.Count) - ((double)baseline.Missing / baseline.Count), test.P, "z-test");
        if (baseline.Infinite + current.Infinite > 0)
        {
            metrics.Distance("infinite", ((double)current.Infinite / current.Count) - ((double)baseline.Infinite / baseline.Count), "profile");
        }
    }

    private static (MetricStatus Status, string Reason)? WhyNot(ColumnProfile baseline, ColumnProfile current, AnalysisOptions options) =>
        baseline.Present <= 0 ? (MetricStatus.NoReference, "The reference has no values that are there and finite.")
        : current.Present <= 0 ? (MetricStatus.EmptyWindow, "The window has no values that are there and finite.")
        : Math.Min(baseline.Present, current.Present) < options.MinCount ? (MetricStatus.TooFewSamples, TooFew(Math.Min(baseline.Present, current.Present), options))
        : null;

    private static string TooFew(long count, AnalysisOptions options) => string.Create(CultureInfo.InvariantCulture, $"{count} values; {options.MinCount} are the least that are compared.");

    private static bool IsSame(ColumnProfile baseline, ColumnProfile current) => baseline.Kind == ColumnKind.Numeric
        ? baseline.Min is not null && baseline.Min == baseline.Max && current.Min == baseline.Min && current.Max == baseline.Min
        : Only(baseline) is { } only && Only(current) == only;

    private static string? Only(ColumnProfile column) =>
        column.Categories is { IsExact: true, Other: 0 } categories && categories.Counts.Count(static one => one.Value > 0) == 1 ? categories.Counts.First(static one => one.Value > 0).Key : null;

    private static double[] Finite(IReadOnlyList<double>? sample) => sample is null ? [] : [.. sample.Where(double.IsFinite)];
}
