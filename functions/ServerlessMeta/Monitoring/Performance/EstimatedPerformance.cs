using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring.Performance;

/// <summary>What the performance of a window is likely to be, before its labels come: CBPE with scores that are calibrated on the baseline's labels.</summary>
internal static class EstimatedPerformance
{
    private const string Estimated = "estimated";

    /// <summary>Scores were calibrated; else they held already.</summary>
    private const string Calibrated = "calibrated";

    /// <param name="reference">The baseline's own metrics by name.</param>
    /// <returns>Nothing when the baseline has too few labelled probabilities to calibrate by, or the window too few.</returns>
    public static ImmutableArray<MetricResult> Of(
        IReadOnlyList<JoinedPrediction> baseline, IReadOnlyList<JoinedPrediction> current, IReadOnlyDictionary<string, Measure> reference, AnalysisOptions options)
    {
        var words = new ClassWords(options.Schema);
        (double Score, bool IsPositive)[] known =
            [.. baseline.Where(static one => one.Label is not null && one.Score is >= 0 and <= 1).Select(one => (one.Score!.Value, words.Of(one.Label!) == words.Positive))];
        var scored = current.Where(static one => one.Score is >= 0 and <= 1).ToList();
        if (known.Length < options.MinCount || scored.Count < options.MinCount)
        {
            return [];
        }
        var calibration = Calibration.Fit(known);
        var estimate = ConfidenceEstimate.Of(scored.Select(one =>
            (calibration.Map(one.Score!.Value), one.Prediction is { } prediction ? words.Of(prediction) == words.Positive : one.Score >= 0.5, one.Score.Value)));
        ImmutableArray<string> flags = calibration.IsMapped ? [Estimated, Calibrated] : [Estimated];
        var comparable = reference.Values.Select(Comparable).ToDictionary(static one => one.Name, StringComparer.Ordinal);
        return [.. Judgement.Of(Measures(estimate), comparable, options, isJudged: true, flags)];
    }

    private static IEnumerable<Measure> Measures(ConfidenceEstimate estimate)
    {
        const string none = "Only one class is to be expected.";
        var (positives, predicted) = (estimate.TruePositives + estimate.FalseNegatives, estimate.TruePositives + estimate.FalsePositives);
        var rows = positives + predicted - estimate.TruePositives;
        var hits = rows > 0 ? estimate.TruePositives / rows : 0;
        yield return Of("accuracy", estimate.Accuracy, Deviation(estimate.Accuracy, estimate.Count));
        yield return Of("precision", estimate.Precision, Deviation(estimate.Precision, predicted));
        yield return Of("recall", estimate.Recall, Deviation(estimate.Recall, positives));
        // As for F1 by labels: the share of hits among the rows that are positive in label or prediction.
        yield return Of("f1", estimate.F1, rows > 0 ? Deviation(hits, rows) * 2 / (1 + hits) : null);
        yield return Of("rocAuc", estimate.RocAuc, estimate.RocAuc is { } auc ? Ranking.HanleyMcNeil(auc, positives, estimate.Count - positives) : null);

        Measure Of(string name, double? value, double? error) => Measure.Of(name, MeasureKind.Share, "cbpe", value, error, estimate.Count, (0, 1), none);
    }

    private static double? Deviation(double? share, double count) => share is { } some && count > 0 ? Math.Sqrt(Math.Max(0, some * (1 - some)) / count) : null;

    /// <summary>An estimate has no rows that hit: it is compared by errors.</summary>
    private static Measure Comparable(Measure of) => of.Share is { } share ? of with { Share = null, Error = Deviation(share.Value, share.Count) } : of;
}
