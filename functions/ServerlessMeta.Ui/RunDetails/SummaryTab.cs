using System.Collections.Immutable;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>What a run is in short: its metrics, params, tags and notes, and the runs that are part of it.</summary>
internal sealed class SummaryTab(MetricHistory history, RunSearch search, UiWords words) : IRunTab
{
    public const string Address = "summary";
    private const int ChildrenShown = 50;

    public string Name => Address;

    public async Task<Result<object>> ReadAsync(RunRequest request, CancellationToken ct)
    {
        var run = request.Run;
        var (children, whole) = (ChildrenAsync(request, ct), history.FindWholeAsync(request.Id, ct));
        var ranges = (await whole ?? []).ToDictionary(static series => series.Key, RangeOf, StringComparer.Ordinal);
        var metrics = run.Metrics.OrderBy(static metric => metric.Key, StringComparer.OrdinalIgnoreCase)
            .Select(metric => ranges.GetValueOrDefault(metric.Key) is var (least, greatest) ? new MetricLine(metric.Key, metric.Value, metric.Step, least, greatest) : new MetricLine(metric.Key, metric.Value, metric.Step)).ToList();
        var found = await children;
        return new SummaryModel(
            request.Id.ToString(),
            run.Tags.FirstOrDefault(tag => tag.Key == words.NoteTag).Value is { Length: > 0 } note ? note : null,
            words.NoteTag,
            [.. metrics.Where(static metric => !metric.IsSystem)],
            metrics.Count(static metric => metric.IsSystem),
            [.. run.Params.OrderBy(static one => one.Key, StringComparer.OrdinalIgnoreCase)],
            [.. run.Tags.Where(tag => !tag.Key.StartsWith(words.HiddenTags, StringComparison.Ordinal)).OrderBy(static one => one.Key, StringComparer.OrdinalIgnoreCase)],
            [.. run.Tags.Where(tag => tag.Key.StartsWith(words.HiddenTags, StringComparison.Ordinal) && tag.Key != words.NoteTag).OrderBy(static one => one.Key, StringComparer.Ordinal)],
            [.. found.Items.Select(static child => RunLink.Of(child.Info))],
            found.Next is not null);
    }

    private static (double? Least, double? Greatest) RangeOf(MetricSeries series)
    {
        var finite = series.Points.Where(static point => double.IsFinite(point.Value)).Select(static point => point.Value).ToList();
        return finite.Count == 0 ? (null, null) : (finite.Min(), finite.Max());
    }

    private async Task<Paged<ServerlessMeta.Runs.Run>> ChildrenAsync(RunRequest request, CancellationToken ct)
    {
        var query = RecordQuery.Parse($"tags.`{words.ParentTag}` = '{request.Id}'", ["start_time DESC"], words.Runs);
        return (await search.SearchAsync([request.Id.Experiment], query.Value, words.RunWords, StageFilter.Active, ChildrenShown, null, ct)).Value;
    }
}
