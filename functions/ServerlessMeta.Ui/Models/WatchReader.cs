using System.Collections.Immutable;
using ServerlessMeta.Models;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Ui.Models;

/// <summary>Reads in brief what was computed of a version that is watched: four operations, two when it is not.</summary>
internal sealed class WatchReader(TargetStore targets, ResultHistory history, TriggerStore triggers)
{
    private const int MostWindows = 60;
    private const int MostTriggers = 20;

    public async Task<WatchModel> ReadAsync(RegisteredModel model, int version, CancellationToken ct)
    {
        var firing = triggers.ListAsync(new TriggerFilter(model.Number, version), MostTriggers, null, ct);
        var target = MonitorTarget.Of(model.Number, version);
        if (await targets.FindAsync(target, ct) is not { } watched)
        {
            return new WatchModel { Points = [], Triggers = (await firing).Value.Items };
        }
        var metric = watched.Options.Analysis.Schema.Task switch { ModelTask.None => null, ModelTask.Regression => "rmse", _ => "accuracy" };
        var listing = history.ListAsync(target, MostWindows, null, ct);
        var performance = metric is null ? [] : (await history.ReadAsync(target, MetricScope.Performance, "", metric, MostWindows, null, ct)).Value.Items;
        var told = performance.DistinctBy(static point => point.Window).ToDictionary(static point => point.Window, StringComparer.Ordinal);
        return new WatchModel
        {
            Metric = metric,
            Reference = performance.Select(static point => point.Reference).FirstOrDefault(static one => one is not null),
            Triggers = (await firing).Value.Items,
            Points = [.. (await listing).Value.Items.Reverse().Select(entry => PointOf(entry, told.GetValueOrDefault(entry.Window)))],
        };
    }

    private static WatchPoint PointOf(ResultEntry entry, HistoryPointView? performance) => new()
    {
        Window = entry.Window,
        Start = entry.Start,
        End = entry.End,
        Verdict = entry.Brief.Verdict,
        Drifted = entry.Brief.Drifted,
        Compared = entry.Brief.Compared,
        Rows = entry.Brief.Rows,
        Labelled = entry.Brief.Labelled,
        Alerts = [.. entry.DataAlerts, .. entry.PerformanceAlerts],
        Performance = performance?.Value,
        Low = performance?.Low,
        High = performance?.High,
    };
}
