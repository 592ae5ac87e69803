using System.Globalization;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>
/// Reads something that is watched: one operation for what it is, one for the windows with all their metrics, one for the chosen window's result, one and a few for its distribution, two for rules and
/// triggers and one for each rule's state.
/// </summary>
internal sealed class TargetReader(TargetStore targets, ResultHistory history, DetailReader details, FollowUpReader followUps)
{
    private const int Windows = 26;

    public async Task<TargetModel> ReadAsync(FoundTarget found, TargetQuery query, IReadOnlyList<Snippet> firstSteps, CancellationToken ct)
    {
        var target = found.Target;
        var address = target.Monitor is { } monitor ? MonitoringAddress.OfMonitor(monitor) : MonitoringAddress.OfVersion(found.Name[..found.Name.LastIndexOf('/')], target.Version);
        var following = followUps.ReadAsync(target, ct);
        var watching = targets.FindAsync(target, ct);
        var newest = await history.NewestWithMetricsAsync(target, query.Before, Windows + 1, ct);
        var watched = await watching;
        var options = watched?.Options ?? WatchOptions.Default;
        var hasOlder = newest.Count > Windows;
        newest = [.. newest.Take(Windows)];
        var heat = new HeatMaker(Asked(address, query), options.Analysis);
        var chosen = query.Window is { } id ? newest.Find(one => one.Entry.Window == id) : newest.Find(static one => one.Entry.DataAlerts.Count > 0) is { } drifted && IsRecent(newest, drifted) ? drifted : newest.FirstOrDefault();
        var column = query.Column ?? (chosen is null ? null : heat.WorstOf(chosen));
        var detail = await details.ReadAsync(target, watched?.Baseline, chosen?.Entry.Brief, query.Window, column, heat, ct);
        var (rules, triggers) = await following;
        return new TargetModel
        {
            Name = target.Monitor ?? string.Create(CultureInfo.InvariantCulture, $"{found.Name[..found.Name.LastIndexOf('/')]} / {target.Version}"),
            Address = address,
            Registered = target.Monitor is null ? MonitoringAddress.OfRegistered(found.Name[..found.Name.LastIndexOf('/')], target.Version) : null,
            Api = found.Path,
            Baseline = watched?.Baseline is { } baseline
                ? string.Create(CultureInfo.InvariantCulture, $"baseline {baseline.Number}: {Figures.Count(baseline.Rows)} rows, {baseline.Columns} columns ({(baseline.Source.StartsWith("dataset:", StringComparison.Ordinal) ? baseline.Source["dataset:".Length..] : baseline.Source)})") : null,
            BaselineAt = watched?.Baseline?.CreatedAt,
            Judged = string.Create(CultureInfo.InvariantCulture, $"numbers by {options.Analysis.NumericMetric}, categories by {options.Analysis.CategoricalMetric}; a window drifted when {Figures.Share(options.Analysis.DriftShare)} of its features did"),
            Alerts = query.Before is null ? AlertGroups.Of(ResultHistory.AlertsOf([.. newest.Select(static one => one.Entry)])) : AlertGroups.None,
            Map = newest.Count == 0 ? null : heat.Make(newest, detail?.Id, detail?.Column?.Name, query.ShowsAll),
            AllColumns = MonitoringAddress.With(address, ("columns", "all"), ("before", Text(query.Before))),
            Older = hasOlder ? MonitoringAddress.With(address, ("before", Text(newest[^1].Entry.Start))) : null,
            Newest = query.Before is null ? null : address,
            Detail = detail,
            Performance = PerformanceMaker.Make(Asked(address, query), newest, query.Metric),
            Windows = [.. newest.Select(one => LineOf(Asked(address, query), one.Entry, detail?.Id))],
            Rules = rules,
            Triggers = triggers,
            FirstSteps = firstSteps,
        };
    }

    // What drifted lately is shown, unless the last windows are steady again.
    private static bool IsRecent(List<ResultMetrics> newest, ResultMetrics one) => newest.IndexOf(one) < 3;

    private static string? Text(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Asked(string address, TargetQuery query) => query.Before is null ? address : MonitoringAddress.With(address, ("before", Text(query.Before)));

    private static WindowLine LineOf(string address, ResultEntry entry, string? chosen) => new(
        entry.Window, MonitoringAddress.With(address, ("window", entry.Window)) + "#detail", entry.Start, entry.End, WatchWords.Of(entry.Brief.State), entry.Brief.Revision, entry.Brief.Rows, entry.Brief.Labelled,
        entry.Brief.Drifted, entry.Brief.Compared, WatchWords.Of(entry.Brief.Verdict), WatchWords.KindOf(entry.Brief.Verdict), AlertGroups.Of(entry.DataAlerts.Concat(entry.PerformanceAlerts)).Text, entry.Window == chosen);
}
