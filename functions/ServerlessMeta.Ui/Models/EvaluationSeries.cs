using System.Collections.Immutable;
using ServerlessMeta.Evaluations;

namespace ServerlessMeta.Ui.Models;

/// <summary>Chooses of the evaluations of some versions what a metric did over them.</summary>
internal static class EvaluationSeries
{
    /// <param name="evaluations">Of each version those recorded last first.</param>
    /// <param name="version">The version that is looked at.</param>
    /// <param name="wanted">A metric; null, or one that was not measured: the one that most were measured by.</param>
    /// <param name="directions">What the policy says of metrics.</param>
    public static EvaluationsModel Of(IReadOnlyCollection<Evaluation> evaluations, int version, string? wanted, MetricDirections directions)
    {
        var latest = evaluations.DistinctBy(static one => (one.Version, one.Content.Dataset, one.Content.Slice, one.Content.Digest)).ToList();
        var counts = latest.SelectMany(static one => one.Content.Metrics).CountBy(static metric => metric.Key).OrderByDescending(static one => one.Value).ThenBy(static one => one.Key, StringComparer.Ordinal).ToList();
        var metric = wanted is not null && counts.Exists(one => one.Key == wanted) ? wanted : counts.FirstOrDefault().Key ?? "";
        var points = latest.Select(one => (Evaluation: one, Metric: one.Content.Find(metric))).Where(static one => one.Metric is not null).ToList();
        var higher = directions.Find(metric, [.. points.Select(static one => one.Evaluation.Content)]).HigherIsBetter;
        var best = higher is not { } more ? [] : points.GroupBy(static one => (one.Evaluation.Content.Dataset, one.Evaluation.Content.Slice, one.Evaluation.Content.Digest)).Where(static same => same.Count() > 1)
            .ToDictionary(static same => same.Key, same => more ? same.Max(static one => one.Metric!.Value) : same.Min(static one => one.Metric!.Value));
        return new EvaluationsModel
        {
            Metric = metric,
            Metrics = [.. counts.Select(static one => one.Key).Order(StringComparer.Ordinal)],
            HigherIsBetter = higher,
            Points =
            [
                .. points.Select(one => new EvaluationPoint(
                        one.Evaluation, one.Metric!, best.TryGetValue((one.Evaluation.Content.Dataset, one.Evaluation.Content.Slice, one.Evaluation.Content.Digest), out var top) && one.Metric!.Value == top))
                    .OrderBy(static point => point.Series, StringComparer.Ordinal).ThenBy(static point => point.Evaluation.Version),
            ],
            Own = [.. evaluations.Where(one => one.Version == version).DistinctBy(static one => (one.Content.Dataset, one.Content.Slice)).OrderBy(static one => one.Content.Dataset, StringComparer.Ordinal).ThenBy(static one => one.Content.Slice, StringComparer.Ordinal)],
        };
    }
}
