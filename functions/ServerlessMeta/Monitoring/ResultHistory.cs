using System.Collections.Immutable;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Results in a row: of a target those of each window that are newest, of a window all, of a metric its values.</summary>
internal sealed class ResultHistory(MonitoringTable table, ResultReader results)
{
    // So many rows are looked at for a page: windows without the metric, and results that were computed again, make none of its items.
    private const int MostRows = 3000;

    // So many rows tell what is open: labels may come weeks after the data.
    private const int Looked = 100;
    private const int MostPages = 10;
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>The newest result of each window, the windows that start last first: an operation.</summary>
    public Task<Result<Paged<ResultEntry>>> ListAsync(MonitorTarget target, int size, string? pageToken, CancellationToken ct) => PageAsync(
        target, $"results\n{target.Key}", MonitoringKeys.Results(target), size, pageToken, ResultRow.BriefColumns, static row => ValueTask.FromResult<ResultEntry?>(ResultRow.To(row)), ct);

    /// <summary>All results of a window, the newest first: an operation.</summary>
    public Task<Result<Paged<ResultEntry>>> ListAsync(MonitorTarget target, MonitoredWindow window, int size, string? pageToken, CancellationToken ct) => MonitoringPages.ReadAsync(
        table, MonitoringKeys.Partition(target), $"results\n{target.Key}\n{window.Id}", MonitoringKeys.Results(target, window.Start, window.Id), size, pageToken, ResultRow.BriefColumns, ResultRow.To, ct);

    /// <summary>A result of a window by its revision; null: there is none.</summary>
    public async Task<WindowResult?> FindAsync(MonitorTarget target, MonitoredWindow window, int revision, CancellationToken ct) =>
        await table.FindAsync(MonitoringKeys.Partition(target), MonitoringKeys.Result(target, window.Start, window.Id, revision), ct) is { } row ? await results.ReadAsync(ResultRow.To(row).Brief, ct) : null;

    /// <summary>The values of a metric, by the newest result of each window: an operation, of which each row brings a thirty-second.</summary>
    public Task<Result<Paged<HistoryPointView>>> ReadAsync(MonitorTarget target, MetricScope scope, string column, string metric, int size, string? pageToken, CancellationToken ct) => PageAsync(
        target, $"history\n{target.Key}\n{scope}\n{metric}\n{column}", MonitoringKeys.Results(target), size, pageToken, [.. ResultRow.BriefColumns, PackedMetrics.LeftOut, PackedMetrics.ColumnOf(column)],
        async row =>
        {
            var entry = ResultRow.To(row);
            var (point, isTold) = PackedMetrics.Find(row, scope, column, metric);
            if (!isTold)
            {
                point = PackedMetrics.Find(await results.ReadAsync(entry.Brief, ct), scope, column, metric);
            }
            return point is null ? null : HistoryPointView.Of(entry, point);
        },
        ct);

    /// <summary>What of the latest results is open: what drifted in the newest window that has ended (or else the newest), and what got worse in the newest whose labels were enough. Null: nothing was compared. One operation.</summary>
    public async Task<IReadOnlyList<string>?> AlertsAsync(MonitorTarget target, CancellationToken ct) => AlertsOf(await NewestAsync(target, ct));

    /// <summary>The newest results of the windows that start last, the last first: one operation, and up to ten when windows were computed many times.</summary>
    public async Task<List<ResultEntry>> NewestAsync(MonitorTarget target, CancellationToken ct)
    {
        var entries = new List<ResultEntry>();
        var (window, rows) = ("", 0);
        await foreach (var row in table.ReadAsync(MonitoringKeys.Partition(target), MonitoringKeys.Results(target), Looked, ResultRow.BriefColumns, ct))
        {
            rows++;
            if (MonitoringKeys.WindowOfResult(row.RowKey) is var its && its != window)
            {
                window = its;
                entries.Add(ResultRow.To(row));
            }
            if (entries.Count == Looked || rows == Looked * MostPages)
            {
                break;
            }
        }
        return entries;
    }

    /// <summary>The newest results of the windows that start last and before a moment (null: the last), each with all of its metrics, the last first. One operation for four megabytes of rows; what is larger than a few is cut.</summary>
    public async Task<List<ResultMetrics>> NewestWithMetricsAsync(MonitorTarget target, DateTimeOffset? before, int windows, CancellationToken ct)
    {
        var found = new List<ResultMetrics>();
        var (window, rows, bytes) = ("", 0, 0);
        await foreach (var row in table.ReadAsync(MonitoringKeys.Partition(target), before is { } moment ? MonitoringKeys.ResultsBefore(target, moment) : MonitoringKeys.Results(target), windows + 1, null, ct))
        {
            rows++;
            if (MonitoringKeys.WindowOfResult(row.RowKey) is var its && its != window)
            {
                window = its;
                bytes += row.Sum(static property => property.Value is byte[] packed ? packed.Length : 0);
                var (metrics, isWhole) = PackedMetrics.Read(row);
                found.Add(new ResultMetrics(ResultRow.To(row), metrics, isWhole));
            }
            if (found.Count == windows || bytes > MostBytes || rows == windows * MostPages)
            {
                break;
            }
        }
        return found;
    }

    public static IReadOnlyList<string>? AlertsOf(List<ResultEntry> newest)
    {
        var data = newest.Find(static entry => entry.IsDataJudged && entry.Brief.State is not WindowState.Open) ?? newest.Find(static entry => entry.IsDataJudged);
        var performance = newest.Find(static entry => entry.IsPerformanceJudged);
        return data is null && performance is null ? null : [.. data?.DataAlerts ?? [], .. performance?.PerformanceAlerts ?? []];
    }

    private async Task<Result<Paged<T>>> PageAsync<T>(
        MonitorTarget target, string query, (string From, string Below) range, int size, string? pageToken, string[] columns, Func<TableEntity, ValueTask<T?>> read, CancellationToken ct)
        where T : class
    {
        var token = PageToken.Read(query, pageToken);
        if (!token.IsOk)
        {
            return new Failure.Invalid("pageToken", token.Failure.Detail);
        }
        var window = "";
        if (token.Value is { } last)
        {
            if (!PageToken.IsWithin(last, range.From, range.Below))
            {
                return new Failure.Invalid("pageToken", PageToken.Elsewhere);
            }
            // What comes next of the same window is older.
            window = MonitoringKeys.WindowOfResult(last);
            range.From = window + "}";
        }
        var items = ImmutableArray.CreateBuilder<T>();
        var (key, looked) = ("", 0);
        await foreach (var row in table.ReadAsync(MonitoringKeys.Partition(target), range, size + 1, columns, ct))
        {
            if (MonitoringKeys.WindowOfResult(row.RowKey) == window)
            {
                looked++;
                continue;
            }
            if (items.Count == size || looked >= MostRows)
            {
                return new Paged<T>(items.ToImmutable(), PageToken.Write(query, key));
            }
            (key, window, looked) = (row.RowKey, MonitoringKeys.WindowOfResult(row.RowKey), looked + 1);
            if (await read(row) is { } item)
            {
                items.Add(item);
            }
        }
        return new Paged<T>(items.ToImmutable(), null);
    }
}
