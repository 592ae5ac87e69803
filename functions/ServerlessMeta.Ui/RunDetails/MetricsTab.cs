using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>A chart for each metric; what they draw is asked for by <c>metric-chart.js</c>.</summary>
internal sealed class MetricsTab : IRunTab
{
    public const string Address = "metrics";
    private const int ChartsShown = 60;
    private const string SystemTitle = "System";

    public string Name => Address;

    public Task<Result<object>> ReadAsync(RunRequest request, CancellationToken ct)
    {
        var filter = request.Text("metric");
        var from = int.TryParse(request.Text("from"), NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start : 0;
        var fitting = request.Run.Metrics.Where(metric => filter is null || metric.Key.Contains(filter, StringComparison.OrdinalIgnoreCase))
            .Select(static metric => new MetricLine(metric.Key, metric.Value, metric.Step))
            .OrderBy(static metric => metric.IsSystem).ThenBy(static metric => TitleOf(metric), StringComparer.OrdinalIgnoreCase).ThenBy(static metric => metric.Key, StringComparer.OrdinalIgnoreCase).ToList();
        var shown = fitting.Skip(from).Take(ChartsShown).ToList();
        // One of its kind stands with those that have no kind.
        var lonely = shown.GroupBy(TitleOf, StringComparer.OrdinalIgnoreCase).Where(static group => group.Key != SystemTitle && !group.Skip(1).Any()).Select(static group => group.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var groups = shown.GroupBy(metric => TitleOf(metric) is var title && lonely.Contains(title) ? "" : title, StringComparer.OrdinalIgnoreCase).OrderBy(static group => group.Key.Length > 0).ThenBy(static group => group.Key == SystemTitle).Select(static group => (group.Key, group.ToImmutableArray())).ToImmutableArray();
        return Task.FromResult<Result<object>>(new MetricsModel(request.Id.ToString(), request.Run.Info.Name, filter, groups, shown.Count, fitting.Count, from + shown.Count < fitting.Count ? from + shown.Count : null));
    }

    // Clients name what belongs together train/loss, train/accuracy.
    private static string TitleOf(MetricLine metric) =>
        metric.IsSystem ? SystemTitle : metric.Key.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? metric.Key[..slash] : "";
}
