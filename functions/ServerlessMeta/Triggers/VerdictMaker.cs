using System.Globalization;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Monitoring;

namespace ServerlessMeta.Triggers;

/// <summary>
/// Whether retraining helped: the new version against the old one on the windows since the trigger. By performance where labels came, with intervals; else by the drift of predictions; else by evaluations of
/// both on the same content of a dataset. The old version is judged by the windows since when it still has such, else by those at which the trigger fired. Performance decides: helped or worse when
/// the interval of the difference lies on one side of zero, the same when it lies within what does not matter. What is judged by less goes on being judged until labels come. Pure.
/// </summary>
internal static class VerdictMaker
{
    private const double Z = 1.959963984540054;
    private const long LeastLabels = 30;
    private const int LeastWindows = 3;
    private const double Coverage = 0.5;

    /// <param name="old">Results of the old version, the windows of the trigger among them.</param>
    /// <param name="now">Results of the new version.</param>
    public static TriggerVerdict Make(Trigger trigger, IReadOnlyCollection<WindowResult> old, IReadOnlyCollection<WindowResult> now, Func<(Measurements Old, Measurements New, MetricDirections Directions)?> evaluations, DateTimeOffset at)
    {
        List<WindowResult> since = [.. now.Where(window => window.End > trigger.At).OrderBy(static window => window.End)];
        List<WindowResult> oldSince = [.. old.Where(window => window.End > trigger.At).OrderBy(static window => window.End)];
        List<WindowResult> cause = [.. old.Where(window => trigger.Windows.Any(other => other.Window == window.Window)).OrderBy(static window => window.End)];
        var seen = string.Join(' ', since.Concat(oldSince).Concat(cause).Select(static window => string.Create(CultureInfo.InvariantCulture, $"{window.Window}@{window.Revision}")));
        var seenKey = since.Count + oldSince.Count + cause.Count == 0 ? "" : TriggerKeys.Hash(seen)[..16];
        var verdict = ByPerformance(trigger, cause, oldSince, since) ?? ByPredictions(trigger, cause, oldSince, since) ?? (evaluations() is { } measured ? ByEvaluations(trigger, measured.Old, measured.New, measured.Directions) : null)
            ?? new TriggerVerdict(TriggerVerdict.Undecided, false, at, null, null, null, null, null, null, null, null, "Neither windows with labels or predictions nor evaluations of both versions on one dataset are there yet.", "");
        return verdict with { At = at, Seen = seenKey };
    }

    private static TriggerVerdict? ByPerformance(Trigger trigger, List<WindowResult> cause, List<WindowResult> oldSince, List<WindowResult> since)
    {
        foreach (var metric in MetricsOf(trigger))
        {
            if (ComparedMetric.IsMoreBetter(metric) is not { } isMoreBetter || Pool(trigger.NewVersion, metric, since) is not { } mine)
            {
                continue;
            }
            if ((Pool(trigger.Version, metric, oldSince) ?? Pool(trigger.Version, metric, cause)) is not { } other)
            {
                continue;
            }
            var better = (mine.Side.Value - other.Side.Value) * (isMoreBetter ? 1 : -1);
            var margin = ComparedMetric.MarginOf(metric, other.Side.Value);
            if (mine.Error is not { } mineError || other.Error is not { } otherError)
            {
                return Of(TriggerVerdict.Undecided, false, null, "The windows have no intervals of it, and are too few to tell one.");
            }
            var half = Z * Math.Sqrt((mineError * mineError) + (otherError * otherError));
            var isEnough = mine.Side.N >= LeastLabels && other.Side.N >= LeastLabels;
            return !isEnough ? Of(TriggerVerdict.Undecided, false, half, string.Create(CultureInfo.InvariantCulture, $"At least {LeastLabels} labels of each version are needed."))
                : better - half > 0 ? Of(TriggerVerdict.Helped, true, half, "The new version is better, beyond chance.")
                : better + half < 0 ? Of(TriggerVerdict.Worse, true, half, "The new version is worse, beyond chance.")
                : Math.Abs(better) + half <= margin ? Of(TriggerVerdict.Same, true, half, string.Create(CultureInfo.InvariantCulture, $"They differ by no more than {margin:G4}, which does not matter."))
                : Of(TriggerVerdict.Undecided, false, half, "The difference may be chance: more labels are needed.");

            TriggerVerdict Of(string outcome, bool isFinal, double? half, string reason)
            {
                var difference = mine.Side.Value - other.Side.Value;
                return new TriggerVerdict(outcome, isFinal, default, "performance", metric, null, other.Side, mine.Side, difference, difference - half, difference + half, reason, "");
            }
        }
        return null;
    }

    private static TriggerVerdict? ByPredictions(Trigger trigger, List<WindowResult> cause, List<WindowResult> oldSince, List<WindowResult> since)
    {
        var (mine, other) = (Drift(trigger.NewVersion, since), Drift(trigger.Version, oldSince) ?? Drift(trigger.Version, cause));
        if (mine is not { } ours || other is not { } theirs)
        {
            return null;
        }
        var outcome = ours.Side.Windows < LeastWindows ? TriggerVerdict.Undecided
            : ours.Share < theirs.Share && ours.Side.Value < theirs.Side.Value ? TriggerVerdict.Helped
            : ours.Share > theirs.Share && ours.Side.Value > theirs.Side.Value ? TriggerVerdict.Worse
            : ours.Share == theirs.Share ? TriggerVerdict.Same
            : TriggerVerdict.Undecided;
        // While labels may still come, they are the better judge.
        var isFinal = outcome is not TriggerVerdict.Undecided && since.TrueForAll(static window => window.State is WindowState.Closed);
        return new TriggerVerdict(outcome, isFinal, default, "predictionDrift", ours.Metric, null, theirs.Side, ours.Side, ours.Side.Value - theirs.Side.Value, null, null,
            string.Create(CultureInfo.InvariantCulture, $"Predictions drifted in {ours.Share:P0} of the windows of the new version, in {theirs.Share:P0} of those of the old; there are no labels."), "");
    }

    private static TriggerVerdict? ByEvaluations(Trigger trigger, Measurements old, Measurements now, MetricDirections directions)
    {
        var wanted = MetricsOf(trigger).ToList();
        foreach (var (dataset, slice, metric) in now.Keys.OrderBy(key => wanted.IndexOf(key.Metric) is >= 0 and var place ? place : int.MaxValue)
            .ThenBy(static key => key.Slice is not null).ThenBy(static key => key.Dataset, StringComparer.Ordinal).ThenBy(static key => key.Metric, StringComparer.Ordinal))
        {
            var (mine, other) = Measurements.FindBoth(now, old, dataset, null, slice, metric);
            if (mine is null || other is null || mine.Evaluation.Content.Digest != other.Evaluation.Content.Digest || directions.Find(metric, mine.Evaluation.Content, other.Evaluation.Content).HigherIsBetter is not { } isMoreBetter)
            {
                continue;
            }
            var (ours, theirs) = (mine.Metric, other.Metric);
            var better = (ours.Value - theirs.Value) * (isMoreBetter ? 1 : -1);
            var apart = ours.Low is { } low && ours.High is { } high && theirs.Low is { } otherLow && theirs.High is { } otherHigh ? low > otherHigh || high < otherLow : Math.Abs(better) > 0.01 * Math.Max(Math.Abs(theirs.Value), 1e-12);
            return new TriggerVerdict(
                !apart ? TriggerVerdict.Same : better > 0 ? TriggerVerdict.Helped : TriggerVerdict.Worse, false, default, "evaluations", metric, dataset,
                new VerdictSide(trigger.Version, theirs.Value, theirs.Low, theirs.High, theirs.Count ?? 0, 0, null, null), new VerdictSide(trigger.NewVersion, ours.Value, ours.Low, ours.High, ours.Count ?? 0, 0, null, null),
                ours.Value - theirs.Value, null, null, $"Both were evaluated on the same content of '{dataset}'; the new version has no windows to judge it by yet.", "");
        }
        return null;
    }

    // First what the rule fired by, then what is usual.
    private static IEnumerable<string> MetricsOf(Trigger trigger) => trigger.Cause.Where(static cause => cause.Signal is "performance").OrderByDescending(static cause => cause.Hit)
        .SelectMany(static cause => cause.Metric == RuleCondition.Verdict ? cause.Columns.Select(static column => column.Metric) : [cause.Metric])
        .Select(static metric => metric.Split('.')[0]).Concat(ComparedMetric.Usual).Distinct(StringComparer.Ordinal);

    // The metric over windows as over all their labels, with its standard error; null: none has it.
    private static (VerdictSide Side, double? Error)? Pool(int version, string name, List<WindowResult> windows)
    {
        var found = windows.Select(window => (window, metric: window.Performance.FirstOrDefault(metric => metric.Metric == name && metric.Status is MetricStatus.Ok && metric.Value is not null)))
            .Where(static one => one.metric is not null && (one.window.State is WindowState.Closed || one.metric.Verdict is not Verdict.None || (one.window.Predictions > 0 && one.window.Labelled >= Coverage * one.window.Predictions)))
            .Select(static one => (one.window, metric: one.metric!, n: Math.Max(1, one.metric!.CurrentCount > 0 ? one.metric.CurrentCount : one.window.Labelled))).ToList();
        if (found.Count == 0)
        {
            return null;
        }
        var total = (double)found.Sum(static one => one.n);
        var isRoot = ComparedMetric.IsRoot(name);
        var mean = found.Sum(one => one.n / total * (isRoot ? one.metric.Value!.Value * one.metric.Value.Value : one.metric.Value!.Value));
        var value = isRoot ? Math.Sqrt(mean) : mean;
        double? error = null;
        if (found.TrueForAll(static one => one.metric.Low is not null && one.metric.High is not null))
        {
            error = Math.Sqrt(found.Sum(one => Math.Pow(one.n / total * (one.metric.High!.Value - one.metric.Low!.Value) / (2 * Z), 2)));
        }
        else if (found.Count > 1)
        {
            error = Math.Sqrt(found.Sum(one => Math.Pow(one.metric.Value!.Value - value, 2)) / (found.Count - 1) / found.Count);
        }
        return (new VerdictSide(version, value, value - (Z * error), value + (Z * error), (long)total, found.Count, found[0].window.Start, found[^1].window.End), error);
    }

    // How far predictions are from their baseline, and in which share of the windows they drifted.
    private static (VerdictSide Side, double Share, string? Metric)? Drift(int version, List<WindowResult> windows)
    {
        var found = windows.Select(static window => (window, column: window.Columns.Where(static column => column.Role is ColumnRole.Prediction or ColumnRole.Score && column.Verdict is not Verdict.None)
            .Select(static column => (column, value: column.Metrics.FirstOrDefault(metric => metric.Metric == column.DecidedBy)?.Value)).Where(static one => one.value is not null).OrderByDescending(static one => one.value).FirstOrDefault()))
            .Where(static one => one.column.column is not null).ToList();
        return found.Count == 0 ? null : (
            new VerdictSide(version, found.Average(static one => one.column.value!.Value), null, null, found.Sum(static one => one.window.Rows), found.Count, found[0].window.Start, found[^1].window.End),
            found.Count(static one => one.column.column.Verdict is Verdict.Drift) / (double)found.Count,
            found[^1].column.column.DecidedBy);
    }
}
