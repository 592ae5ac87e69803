using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>Makes the history of a measure of performance.</summary>
internal static class PerformanceMaker
{
    // What people look at first, where there are several.
    private static readonly string[] First = ["rmse", "f1", "macroF1", "accuracy", "rocAuc", "mae"];

    /// <summary>The measure that is shown when none is asked for.</summary>
    public static (string? Metric, MetricPoint? Point) MainOf(IEnumerable<(string Metric, MetricPoint Point)> measures)
    {
        // What got worse is looked at before what did not.
        var all = measures.OrderByDescending(static one => one.Point.Verdict is Verdict.Drift).ToList();
        var main = First.Select(name => all.Find(one => one.Metric == name)).Where(static one => one.Metric is not null).OrderByDescending(static one => one.Point!.Verdict is Verdict.Drift).FirstOrDefault();
        return main.Metric is not null ? main : all.FirstOrDefault();
    }

    /// <summary>Null: neither labels nor an estimate say anything of these windows.</summary>
    public static PerformanceModel? Make(string address, List<ResultMetrics> newest, string? asked)
    {
        // By labels first; estimates alone have no verdict.
        var known = newest.SelectMany(static one => one.Metrics).Where(static metric => metric.Scope is MetricScope.Performance or MetricScope.Estimated && metric.Point.Value is not null).OrderBy(static metric => metric.Scope)
            .DistinctBy(static metric => metric.Metric, StringComparer.Ordinal).Select(static metric => (metric.Metric, metric.Point)).ToList();
        if (MainOf(known).Metric is not { } main)
        {
            return null;
        }
        var measure = known.Exists(one => one.Metric == asked) ? asked! : main;
        var points = newest.AsEnumerable().Reverse().Select(one => PointOf(address, one, measure)).ToImmutableArray();
        return new PerformanceModel(
            measure, [.. known.Select(one => new PageLink(one.Point.Verdict is Verdict.Drift ? $"{one.Metric} (worse)" : one.Metric, MonitoringAddress.With(address, ("metric", one.Metric)) + "#performance", one.Metric == measure))], points, SentenceOf(measure, points),
            JsonSerializer.Serialize(points, MonitoringChartJson.Default.ImmutableArrayPerformancePoint));
    }

    private static PerformancePoint PointOf(string address, ResultMetrics result, string measure)
    {
        var (real, estimated) = (Find(result, MetricScope.Performance, measure), Find(result, MetricScope.Estimated, measure));
        var entry = result.Entry;
        return new PerformancePoint(
            entry.Window, MonitoringAddress.With(address, ("window", entry.Window)) + "#detail", entry.Start, entry.End, real?.Value, real?.Low, real?.High, real?.Reference ?? estimated?.Reference,
            estimated?.Value, estimated?.Low, estimated?.High, entry.Brief.Labelled,
            real?.Value is null ? "no labels yet" : WatchWords.OfPerformance(real.Verdict), real is null ? "" : WatchWords.KindOf(real.Verdict));
    }

    private static MetricPoint? Find(ResultMetrics result, MetricScope scope, string measure) =>
        result.Metrics.FirstOrDefault(metric => metric.Scope == scope && metric.Metric == measure) is { Metric: not null } found ? found.Point : null;

    private static string SentenceOf(string measure, ImmutableArray<PerformancePoint> points)
    {
        if (points.LastOrDefault(static point => point.Value is not null) is not { } last)
        {
            return $"No labels yet: {measure} is estimated.";
        }
        var worse = points.Count(static point => point.Kind == "bad");
        return string.Create(CultureInfo.InvariantCulture,
            $"{measure} was {Figures.Text(last.Value)} in {last.Window}, the last window with labels{(last.Reference is { } reference ? $"; the baseline has {Figures.Text(reference)}" : "")}. {(worse == 0 ? "In no window shown was it worse beyond chance." : $"It was worse beyond chance in {worse} of {points.Length} windows.")}");
    }
}
