using System.Runtime.InteropServices;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Monitoring.Performance;

/// <summary>Whether the predictions that have labels are like those that have none: else performance by labels is not that of the window. By scores, or by predicted numbers.</summary>
internal static class LabelSelection
{
    public const string Flag = "labelSelection";

    /// <summary>A difference of less does not matter, however sure it is.</summary>
    private const double LeastDistance = 0.1;

    private const double Alpha = 0.01;

    /// <returns>The Kolmogorov-Smirnov distance; null when all have labels, or there is nothing to compare.</returns>
    public static MetricResult? Of(IReadOnlyList<JoinedPrediction> predictions, AnalysisOptions options)
    {
        var (with, without) = (new List<double>(), new List<double>());
        foreach (var one in predictions)
        {
            if ((options.Schema.Task is ModelTask.Regression ? NumberAccumulator.Number(one.Prediction) : one.Score) is { } number && double.IsFinite(number))
            {
                (one.Label is null ? without : with).Add(number);
            }
        }
        if (with.Count == 0 || without.Count == 0)
        {
            return null;
        }
        var result = new MetricResult { Metric = Flag, Method = "ks", Status = MetricStatus.TooFewSamples, ReferenceCount = without.Count, CurrentCount = with.Count };
        if (Math.Min(with.Count, without.Count) < options.MinCount)
        {
            return result;
        }
        var (distance, p) = KolmogorovSmirnov.Compare(PooledSamples.Of(CollectionsMarshal.AsSpan(without), CollectionsMarshal.AsSpan(with)));
        // A remark, not a verdict: the model is not worse for it.
        return result with { Status = MetricStatus.Ok, Value = distance, P = p, Threshold = LeastDistance, Flags = p < Alpha && distance >= LeastDistance ? [Flag] : [] };
    }
}
