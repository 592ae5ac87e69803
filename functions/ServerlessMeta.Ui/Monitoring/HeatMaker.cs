using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Statistics;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>Makes the heat map of results.</summary>
/// <param name="address">Of the page; a cell's is that with its window and column.</param>
/// <param name="options">By which windows were judged.</param>
internal sealed class HeatMaker(string address, AnalysisOptions options)
{
    public const int MostRows = 40;

    // The strongest colour that text is still read on.
    private const int Strongest = 45;
    private const int Weakest = 6;
    private static readonly string[] OfNumbers = ["ks", "wasserstein", "meanShift"];

    /// <param name="newest">Results, the newest window first.</param>
    /// <param name="window">The chosen window.</param>
    /// <param name="column">The chosen column.</param>
    /// <param name="showsAll">Also the calm columns behind the first forty.</param>
    public HeatMap Make(List<ResultMetrics> newest, string? window, string? column, bool showsAll)
    {
        var results = newest.AsEnumerable().Reverse().ToList();
        var windows = results.Select(one => new HeatWindow(
            one.Entry.Window, WatchWords.Short(one.Entry.Start, one.Entry.End), $"{one.Entry.Window}: {WatchWords.Span(one.Entry.Start, one.Entry.End)}", one.Entry.Window == window)).ToImmutableArray();
        var whole = RowsOf(results, MetricScope.Dataset, window, column).Where(static row => row.Cells.Any(static cell => cell.Kind.Length > 0)).ToList();
        var rows = RowsOf(results, MetricScope.Column, window, column).OrderByDescending(TroubleOf).ThenBy(static row => row.Name, StringComparer.Ordinal).ToList();
        return new HeatMap(windows, [.. whole, .. showsAll ? rows : rows.Take(MostRows)], showsAll ? 0 : Math.Max(0, rows.Count - MostRows), results.TrueForAll(static one => one.IsWhole));
    }

    /// <summary>The column that is most over its threshold in a window; null: it has none.</summary>
    public string? WorstOf(ResultMetrics result) => result.Metrics.Where(static metric => metric.Scope is MetricScope.Column).Select(static metric => metric.Column).Distinct(StringComparer.Ordinal)
        .OrderByDescending(column => RoleOf(column) is null).ThenByDescending(column => IsDrift(result, column)).ThenByDescending(column => Ratio(PointOf(result, MetricScope.Column, column)?.Point)).FirstOrDefault();

    public string? RoleOf(string column) =>
        column == options.Schema.Prediction ? "prediction" : column == options.Schema.Score ? "score" : column == options.Schema.Label ? "label" : null;

    private IEnumerable<HeatRow> RowsOf(List<ResultMetrics> results, MetricScope scope, string? window, string? column) => results
        .SelectMany(one => one.Metrics.Where(metric => metric.Scope == scope).Select(metric => scope is MetricScope.Column ? metric.Column : metric.Metric)).Distinct(StringComparer.Ordinal)
        .Select(name => new HeatRow(
            scope is MetricScope.Dataset && name == ResultAlerts.DriftShare ? "Features that drifted" : name, scope is MetricScope.Column ? RoleOf(name) : null,
            scope is MetricScope.Column ? results.Select(one => PointOf(one, scope, name)?.Metric).LastOrDefault(static metric => metric is not null) ?? "" : name, scope is MetricScope.Column,
            [.. results.Select(one => CellOf(one, scope, name, one.Entry.Window == window && (scope is MetricScope.Column ? name == column : column is null)))]));

    private HeatCell CellOf(ResultMetrics result, MetricScope scope, string name, bool isChosen)
    {
        var entry = result.Entry;
        var target = MonitoringAddress.With(address, ("window", entry.Window), ("column", scope is MetricScope.Column ? name : null)) + "#detail";
        var isDrift = scope is MetricScope.Column && IsDrift(result, name);
        if (PointOf(result, scope, name) is not { } found)
        {
            return new HeatCell(target, isDrift ? "drift" : "", isDrift ? "drift" : "not compared", isDrift ? "bad" : "", isDrift ? Strongest : 0, isChosen);
        }
        var (metric, point) = found;
        var verdict = isDrift ? Verdict.Drift : point.Verdict;
        var ratio = Ratio(point);
        var strength = verdict switch
        {
            Verdict.Drift => Math.Clamp((int)(Strongest * Math.Max(ratio, 1) / 3), 15, Strongest),
            Verdict.Uncertain => 20,
            Verdict.NoDrift => Math.Clamp((int)(Strongest * ratio / 3), Weakest, Strongest / 3),
            _ => 0,
        };
        var isByMissing = isDrift && point.Verdict is not Verdict.Drift;
        var isByChance = verdict is Verdict.NoDrift && ratio >= 1;
        var title = string.Create(CultureInfo.InvariantCulture,
            $"{metric} {Figures.Text(point.Value)}{((point.AdjustedP ?? point.P) is { } p && MetricDefaults.IsTest(metric) ? $", p {WatchWords.OfP(p)}" : "")}{(point.Threshold is { } threshold ? $", threshold {Figures.Text(threshold)}" : "")}: {WatchWords.Of(verdict)}{(isByMissing ? " (missing values or another type)" : isByChance ? " (chance makes as much)" : "")}");
        return new HeatCell(target, TextOf(point), title, WatchWords.KindOf(verdict), strength, isChosen);
    }

    private static string TextOf(MetricPoint point) => point.Value is not { } value ? "·" : Math.Abs(value) switch
    {
        >= 1e4 => value.ToString("0e0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    // The column's verdict stands in the alerts: it is drift also where its values went missing.
    private static bool IsDrift(ResultMetrics result, string column) => result.Entry.DataAlerts.Contains($"column:{column}", StringComparer.Ordinal);

    /// <summary>The metric that decides for a column, as <see cref="ColumnComparison.Decide"/> has it.</summary>
    private (string Metric, MetricPoint Point)? PointOf(ResultMetrics result, MetricScope scope, string name)
    {
        var own = result.Metrics.Where(metric => metric.Scope == scope && (scope is MetricScope.Column ? metric.Column == name : metric.Metric == name)).ToList();
        if (own.Count == 0)
        {
            return null;
        }
        if (scope is not MetricScope.Column)
        {
            return (own[0].Metric, own[0].Point);
        }
        var deciding = own.Exists(static metric => OfNumbers.Contains(metric.Metric, StringComparer.Ordinal)) ? options.NumericMetric : options.CategoricalMetric;
        var found = own.FindIndex(metric => metric.Metric == deciding);
        return found < 0 ? null : (own[found].Metric, own[found].Point);
    }

    // How far a value is from none (0) to its threshold (1) and beyond; of a test by the decimal places of its p-value.
    private static double Ratio(MetricPoint? point) => point switch
    {
        { Threshold: > 0 and < 1 and var level, AdjustedP: { } p } => Math.Log(Math.Clamp(p, 1e-12, 1)) / Math.Log(level),
        { Threshold: > 0 and var threshold, Value: { } value } => Math.Abs(value) / threshold,
        _ => 0,
    };

    // What is wrong now weighs most; then how often it was.
    private static double TroubleOf(HeatRow row) =>
        row.Cells.Select(static (cell, at) => (cell.Kind == "bad" ? 100 : cell.Kind == "warn" ? 5 : 0) * (at + 1.0) + (cell.Strength * (at + 1.0) / 50)).Sum() - (row.Role is null ? 0 : 1);
}
