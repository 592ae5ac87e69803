using System.Runtime.CompilerServices;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Reads what was computed; always from storage.</summary>
internal sealed class ResultReader(MonitoringTable table, MonitoringContents contents)
{
    // Blobs that are read ahead of whoever looks at results one by one.
    private const int Ahead = 8;

    /// <summary>The newest result of a window; null when it has none. Three operations.</summary>
    public async Task<WindowResult?> FindAsync(MonitorTarget target, string window, CancellationToken ct) =>
        await FindWindowAsync(target, window, ct) is { Latest: { } brief } ? await ReadAsync(brief, ct) : null;

    /// <summary>The newest result of the window that starts last, of those that have one; null when nothing was computed. Two operations.</summary>
    public async Task<WindowResult?> LatestAsync(MonitorTarget target, CancellationToken ct)
    {
        await foreach (var row in table.ReadAsync(MonitoringKeys.Partition(target), MonitoringKeys.Results(target), 1, ResultRow.BriefColumns, ct))
        {
            return await ReadAsync(ResultRow.To(row).Brief, ct);
        }
        return null;
    }

    /// <summary>The newest revision of each window that has one, in the order of their starts: an operation for a thousand windows, and one for each result.</summary>
    /// <param name="target">What is watched.</param>
    /// <param name="from">Windows that start then or later; null: all.</param>
    /// <param name="ct">Gives up.</param>
    public async IAsyncEnumerable<WindowResult> ListAsync(MonitorTarget target, DateTimeOffset? from, [EnumeratorCancellation] CancellationToken ct)
    {
        var ahead = new Queue<Task<WindowResult>>();
        await foreach (var window in WindowsAsync(target, from, null, ct))
        {
            if (window.Latest is { } brief)
            {
                ahead.Enqueue(ReadAsync(brief, ct));
            }
            if (ahead.Count == Ahead)
            {
                yield return await ahead.Dequeue();
            }
        }
        while (ahead.TryDequeue(out var next))
        {
            yield return await next;
        }
    }

    /// <summary>How many predictions of the windows that start at a moment or later have labels, by their newest results: an operation for a thousand windows.</summary>
    public async Task<long> CountLabelledSince(MonitorTarget target, DateTimeOffset since, CancellationToken ct)
    {
        var count = 0L;
        await foreach (var window in WindowsAsync(target, since, null, ct))
        {
            count += window.Latest?.Labelled ?? 0;
        }
        return count;
    }

    public async Task<MonitoredWindow?> FindWindowAsync(MonitorTarget target, string window, CancellationToken ct)
    {
        var partition = MonitoringKeys.Partition(target);
        return await table.FindAsync(partition, MonitoringKeys.Claim(target, window), ct) is { } claim && WindowClaimRow.StartOf(claim, window) is { } start
            && await table.FindAsync(partition, MonitoringKeys.Window(target, start, window), ct) is { } row ? WindowRow.To(row) : null;
    }

    /// <summary>The windows that start from a moment on and before another, in the order of their starts.</summary>
    public async IAsyncEnumerable<MonitoredWindow> WindowsAsync(MonitorTarget target, DateTimeOffset? from, DateTimeOffset? below, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in table.ReadAsync(MonitoringKeys.Partition(target), MonitoringKeys.Windows(target, from, below), 1000, null, ct))
        {
            yield return WindowRow.To(row);
        }
    }

    public async Task<WindowResult> ReadAsync(ResultBrief brief, CancellationToken ct) => ResultBlob.Read(await contents.ReadAsync(brief.Blob, ct));
}
