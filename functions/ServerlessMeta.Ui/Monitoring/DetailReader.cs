using System.Globalization;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Monitoring.Statistics;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>Reads a window with a column of it: its result, an operation; its parts, one, and one for the profile of each, of up to so many; the baseline's profile, one when this instance has not read it.</summary>
internal sealed class DetailReader(TargetStore targets, ResultReader results, WindowStore windows, MonitoringContents contents, ProfileCache profiles)
{
    private const int Parts = 24;

    /// <param name="brief">The window's newest result; null: it is not among those that were read.</param>
    /// <param name="window">As it was asked for.</param>
    public async Task<WindowDetail?> ReadAsync(MonitorTarget target, BaselineRecord? baseline, ResultBrief? brief, string? window, string? column, HeatMaker heat, CancellationToken ct)
    {
        var result = brief is not null ? await results.ReadAsync(brief, ct) : window is not null ? await results.FindAsync(target, window, ct) : null;
        if (result is null)
        {
            return null;
        }
        var chosen = result.Columns.FirstOrDefault(one => one.Column == column) ?? result.Columns.FirstOrDefault();
        return new WindowDetail(
            result.Window, result.Start, result.End, result.Revision, CauseOf(result.Cause), result.ComputedAt, result.Baseline, WatchWords.Of(result.State), result.Rows, result.Predictions, result.Labelled,
            [.. result.Columns.Select(one => new ColumnChoiceLine(one.Column, one.Verdict is Verdict.Drift ? $"{one.Column} (drift)" : one.Column, one == chosen))],
            chosen is null ? null : await ColumnAsync(target, baseline, result, chosen, heat, ct),
            [.. result.Dataset.Select(static metric => LineOf(metric, "")), .. result.Performance.Select(static metric => LineOf(metric, "")), .. result.Estimated.Select(static metric => LineOf(metric, " (estimated)"))],
            [.. result.Alarms.Select(static alarm => new AlarmLine(alarm.Detector, alarm.Signal, alarm.At, alarm.PredictionId, alarm.Event, alarm.IsWarning))]);
    }

    private async Task<ColumnDetail> ColumnAsync(MonitorTarget target, BaselineRecord? inForce, WindowResult result, ColumnResult column, HeatMaker heat, CancellationToken ct)
    {
        var baseline = result.Baseline == 0 ? null : result.Baseline == inForce?.Number ? inForce : await targets.FindBaselineAsync(target, result.Baseline, ct);
        return new ColumnDetail(
            column.Column, heat.RoleOf(column.Column), WatchWords.Of(column.Verdict), WatchWords.KindOf(column.Verdict), column.DecidedBy, column.Reason, [.. column.Metrics.Select(static metric => LineOf(metric, ""))],
            baseline is null ? null : await DistributionAsync(target, baseline, result.Window, column.Column, ct),
            [.. column.NewCategories.Select(static one => $"{one.Category} ({Figures.Share(one.Share)})")]);
    }

    private async Task<DistributionModel?> DistributionAsync(MonitorTarget target, BaselineRecord baseline, string window, string column, CancellationToken ct)
    {
        var reference = profiles.ReadAsync(baseline.ProfileBlob, ct);
        var parts = (await windows.PartsAsync(target, window, ct)).OrderBy(static part => part.Id, StringComparer.Ordinal).ToList();
        var read = await Task.WhenAll(parts.Take(Parts).Select(async part => ProfileCodec.Read(await contents.ReadAsync(part.ProfileBlob, ct))));
        return read.Length > 0 && (await reference).Find(column) is { } before && ProfileMerge.Merge(read).Find(column) is { } now
            ? DistributionMaker.Make(before, now, parts.Count > Parts ? string.Create(CultureInfo.InvariantCulture, $"Of {parts.Count} parts of the window {Parts} are shown.") : null)
            : null;
    }

    private static MetricLine LineOf(MetricResult metric, string remark) => new(
        metric.Metric + remark, Figures.Text(metric.Value), metric is { Low: { } low, High: { } high } ? $"{Figures.Text(low)} to {Figures.Text(high)}" : "",
        (metric.AdjustedP ?? metric.P) is { } p ? WatchWords.OfP(p) : "", metric.Threshold is { } threshold ? (MetricDefaults.IsTest(metric.Metric) ? "p < " : "") + Figures.Text(threshold) : "",
        metric.Reference is { } reference ? Figures.Text(reference) : "", WatchWords.Of(metric.Verdict), WatchWords.KindOf(metric.Verdict),
        metric.Reason ?? string.Join(", ", metric.Flags.Select(Words)));

    private static string Words(string flag) => string.Concat(flag.Select(static letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));

    private static string? CauseOf(string? cause) => cause switch
    {
        "lateData" => "data came late",
        "lateLabels" => "labels came",
        "newBaseline" => "another baseline",
        "newOptions" => "other options",
        "time" => "its time passed",
        _ => cause,
    };
}
