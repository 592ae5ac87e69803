using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>A window as a whole: p-values corrected for the number of features, the share of features that drifted, and how the features hang together.</summary>
internal static class DatasetComparison
{
    private const int Permutations = 200;

    /// <summary>Of permutations, so that a p-value repeats. Stored with the result.</summary>
    private const ulong Seed = 42;

    public static (ImmutableArray<ColumnResult> Columns, ImmutableArray<MetricResult> Dataset) Compare(
        DataProfile baseline, DataProfile current, ImmutableArray<ColumnResult> columns, AnalysisOptions options)
    {
        var corrected = Correct(columns, options);
        var features = corrected.Where(static column => column.Role == ColumnRole.Feature).ToList();
        HashSet<string> names = [.. features.Select(static column => column.Column)];
        var metrics = ImmutableArray.CreateBuilder<MetricResult>();
        AddShare(metrics, features, baseline.Rows, current.Rows, options);
        if (CoMomentPair.Of(baseline.CoMoments, current.CoMoments, names, options.MinCount) is { } pair)
        {
            AddCorrelation(metrics, pair, options);
            AddSquaredReconstruction(metrics, pair, options);
        }
        if (SampleMatrix.Of(baseline, current, names, options.MinCount) is var (reference, window))
        {
            AddDiscrepancy(metrics, reference, window, options);
            if (!metrics.Any(static metric => metric.Metric == "pcaReconstruction"))
            {
                AddReconstruction(metrics, reference, window, options);
            }
        }
        return (corrected, metrics.ToImmutable());
    }

    /// <summary>Each test over all features that have it; what is not a feature is a family of its own.</summary>
    private static ImmutableArray<ColumnResult> Correct(ImmutableArray<ColumnResult> columns, AnalysisOptions options)
    {
        var families = new Dictionary<string, List<(int Column, int Metric)>>(StringComparer.Ordinal);
        var metrics = columns.Select(static column => column.Metrics.ToArray()).ToArray();
        for (var column = 0; column < metrics.Length; column++)
        {
            for (var at = 0; at < metrics[column].Length; at++)
            {
                if (metrics[column][at] is not { P: { } p } metric)
                {
                    continue;
                }
                if (columns[column].Role != ColumnRole.Feature)
                {
                    metrics[column][at] = Judge(metric, p, metric.PLow ?? p);
                }
                else if (families.TryGetValue(metric.Metric, out var family))
                {
                    family.Add((column, at));
                }
                else
                {
                    families[metric.Metric] = [(column, at)];
                }
            }
        }
        foreach (var family in families.Values)
        {
            Correct(family, metrics, options);
        }
        return [.. columns.Select((column, at) => ColumnComparison.Decide(column with { Metrics = [.. metrics[at]] }, options))];
    }

    private static void Correct(List<(int Column, int Metric)> family, MetricResult[][] metrics, AnalysisOptions options)
    {
        // The greatest p-values that the bounds allow, all at once, and the least ones: what is drift by the former is certain, and so is what is none by the latter.
        var greatest = MultipleTesting.Adjust([.. family.Select(one => metrics[one.Column][one.Metric].P!.Value)], options.Correction);
        var least = MultipleTesting.Adjust([.. family.Select(one => metrics[one.Column][one.Metric] is { PLow: { } low } ? low : metrics[one.Column][one.Metric].P!.Value)], options.Correction);
        for (var at = 0; at < family.Count; at++)
        {
            ref var metric = ref metrics[family[at].Column][family[at].Metric];
            metric = Judge(metric, greatest[at], least[at]);
        }
    }

    private static MetricResult Judge(MetricResult metric, double greatest, double least) => metric with
    {
        AdjustedP = greatest,
        Verdict = MetricDefaults.IsTest(metric.Metric) ? MetricDefaults.OfTest(metric, greatest, least) : metric.Verdict,
    };

    /// <summary>Of the features that were compared; its bounds count the uncertain ones as no drift, and as drift.</summary>
    private static void AddShare(ImmutableArray<MetricResult>.Builder metrics, List<ColumnResult> features, long rows, long windowRows, AnalysisOptions options)
    {
        double compared = features.Count(static column => column.Verdict != Verdict.None);
        if (compared == 0)
        {
            metrics.Add(new()
            {
                Metric = "driftShare", Status = MetricStatus.NotComputable, Method = "columns", Threshold = options.DriftShare,
                ReferenceCount = rows, CurrentCount = windowRows, Reason = "No feature could be compared.",
            });
            return;
        }
        var low = features.Count(static column => column.Verdict == Verdict.Drift) / compared;
        var high = features.Count(static column => column.Verdict is Verdict.Drift or Verdict.Uncertain) / compared;
        metrics.Add(new()
        {
            Metric = "driftShare",
            Status = MetricStatus.Ok,
            Value = low,
            Low = low,
            High = high,
            Method = "columns",
            Threshold = options.DriftShare,
            ReferenceCount = rows,
            CurrentCount = windowRows,
            Verdict = low >= options.DriftShare ? Verdict.Drift : high < options.DriftShare ? Verdict.NoDrift : Verdict.Uncertain,
        });
    }

    private static void AddCorrelation(ImmutableArray<MetricResult>.Builder metrics, CoMomentPair pair, AnalysisOptions options)
    {
        if (CorrelationDrift.Of(pair) is not { } drift)
        {
            return;
        }
        var threshold = MetricDefaults.Threshold("correlation", options);
        var isSignificant = drift.AdjustedP < options.Alpha;
        metrics.Add(new()
        {
            Metric = "correlation",
            Status = MetricStatus.Ok,
            Value = drift.Difference,
            P = drift.P,
            AdjustedP = drift.AdjustedP,
            Method = "fisher-z",
            Threshold = threshold,
            ReferenceCount = (long)pair.ReferenceCount,
            CurrentCount = (long)pair.CurrentCount,
            Verdict = isSignificant && drift.Difference >= threshold ? Verdict.Drift : Verdict.NoDrift,
            Flags = [$"columns:{drift.First},{drift.Second}", .. isSignificant ? [] : (string[])[NumericComparison.Chance]],
        });
    }

    private static void AddSquaredReconstruction(ImmutableArray<MetricResult>.Builder metrics, CoMomentPair pair, AnalysisOptions options)
    {
        var found = SquaredReconstruction.Of(pair);
        AddReconstruction(metrics, "squared-comoments", found.Reference, found.Current, 3 * found.Error, (long)pair.ReferenceCount, (long)pair.CurrentCount, options);
    }

    private static void AddReconstruction(ImmutableArray<MetricResult>.Builder metrics, double[][] reference, double[][] window, AnalysisOptions options)
    {
        var fitted = PcaReconstruction.Fit(reference);
        var (mean, deviation) = fitted.Error(window);
        AddReconstruction(metrics, "rows", fitted.Error(reference).Mean, mean, 3 * deviation / Math.Sqrt(window.Length), reference.Length, window.Length, options);
    }

    /// <summary>Drift when the error has grown by more than the threshold says, a multiple of the reference's, and certainly at all (three standard errors).</summary>
    private static void AddReconstruction(
        ImmutableArray<MetricResult>.Builder metrics, string method, double reference, double current, double error, long referenceCount, long currentCount, AnalysisOptions options)
    {
        if (!double.IsFinite(current) || !double.IsFinite(error))
        {
            return;
        }
        var threshold = Math.Max(reference, 0.001) * MetricDefaults.Threshold("pcaReconstruction", options)!.Value;
        metrics.Add(new()
        {
            Metric = "pcaReconstruction",
            Status = MetricStatus.Ok,
            Value = current,
            Reference = reference,
            Low = current - error,
            High = current + error,
            Method = method,
            Threshold = threshold,
            ReferenceCount = referenceCount,
            CurrentCount = currentCount,
            Verdict = current >= threshold && current - error > reference ? Verdict.Drift : Verdict.NoDrift,
        });
    }

    private static void AddDiscrepancy(ImmutableArray<MetricResult>.Builder metrics, double[][] reference, double[][] window, AnalysisOptions options)
    {
        var found = MaximumMeanDiscrepancy.Compare(reference, window, MaximumMeanDiscrepancy.MedianDistance(reference), Permutations, Seed);
        var result = new MetricResult
        {
            Metric = "mmd",
            Status = MetricStatus.Ok,
            Value = found.Statistic,
            P = found.P,
            Method = "rbf-median",
            Threshold = MetricDefaults.Threshold("mmd", options),
            ReferenceCount = reference.Length,
            CurrentCount = window.Length,
            Flags = [string.Create(System.Globalization.CultureInfo.InvariantCulture, $"seed:{Seed}")],
        };
        metrics.Add(result with { Verdict = MetricDefaults.OfTest(result, found.P, found.P) });
    }
}
