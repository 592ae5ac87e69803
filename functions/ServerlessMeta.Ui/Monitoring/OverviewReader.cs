using System.Globalization;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Triggers;
using ServerlessMeta.Ui.Parts;
using ServerlessMeta.Ui.Triggers;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>
/// Reads what is watched: an operation for each of 16 partitions, one for each target that is shown and each of their models, and one for triggers.
/// </summary>
internal sealed class OverviewReader(TargetList targets, ResultHistory history, RuleTargets models, TriggerStore triggers)
{
    private const int Most = 60;
    private const int Windows = 12;
    private const int Triggers = 20;

    public async Task<OverviewModel> ReadAsync(IReadOnlyList<Snippet> firstSteps, CancellationToken ct)
    {
        var open = triggers.ListAsync(new TriggerFilter(), Triggers, null, ct);
        var all = await targets.ListAsync(Most, ct);
        var shown = all.Take(Most).ToList();
        var names = (await Task.WhenAll(shown.Select(static one => one.Target.Model).Where(static number => number > 0).Distinct().Select(async number => (number, Model: await models.FindModelAsync(number, ct)))))
            .ToDictionary(static one => one.number, static one => one.Model?.Name);
        var lines = await Task.WhenAll(shown.Select(async one => LineOf(one, one.Target.Model > 0 ? names[one.Target.Model] : null, await history.NewestWithMetricsAsync(one.Target, null, Windows, ct))));
        var fired = await open;
        return new OverviewModel(
            [.. lines.OfType<WatchedLine>().OrderByDescending(static line => line.Trouble).ThenBy(static line => line.Name, StringComparer.Ordinal)], all.Count - shown.Count,
            [.. fired.IsOk ? fired.Value.Items.Where(static one => one.IsAwaited).Select(TriggerLine.Of) : []], firstSteps);
    }

    private static WatchedLine? LineOf(Watched watched, string? model, List<ResultMetrics> newest)
    {
        var target = watched.Target;
        if (target.Monitor is null && model is null)
        {
            return null;
        }
        var address = target.Monitor is { } monitor ? MonitoringAddress.OfMonitor(monitor) : MonitoringAddress.OfVersion(model!, target.Version);
        var last = newest.Count > 0 ? newest[0].Entry : null;
        var judged = newest.Find(static one => one.Metrics.Any(static metric => metric.Scope is MetricScope.Performance && metric.Point.Value is not null));
        var measure = judged is null ? default : PerformanceMaker.MainOf(judged.Metrics.Where(static metric => metric.Scope is MetricScope.Performance && metric.Point.Value is not null).Select(static metric => (metric.Metric, metric.Point)));
        return new WatchedLine
        {
            Name = target.Monitor ?? string.Create(CultureInfo.InvariantCulture, $"{model} / {target.Version}"),
            Address = address,
            IsMonitor = target.Monitor is not null,
            HasBaseline = watched.Baseline is not null,
            Alerts = AlertGroups.Of(ResultHistory.AlertsOf([.. newest.Select(static one => one.Entry)])),
            Last = last is null ? null : CellOf(address, last),
            Drifted = last?.Brief.Drifted ?? 0,
            Compared = last?.Brief.Compared ?? 0,
            Measure = measure.Metric,
            Performance = measure.Point?.Value,
            Reference = measure.Point?.Reference,
            Strip = [.. newest.Select(one => CellOf(address, one.Entry)).Reverse()],
        };
    }

    private static StripCell CellOf(string address, ResultEntry entry)
    {
        var (kind, words) = entry switch
        {
            { PerformanceAlerts.Count: > 0 } => ("bad", "performance got worse"),
            { DataAlerts.Count: > 0 } => ("bad", string.Create(CultureInfo.InvariantCulture, $"{entry.Brief.Drifted} of {entry.Brief.Compared} features drifted")),
            { IsDataJudged: true } => ("good", "steady"),
            _ => ("", "not judged"),
        };
        return new StripCell(MonitoringAddress.With(address, ("window", entry.Window)) + "#detail", entry.Start, kind, $"{entry.Window}: {words}");
    }
}
