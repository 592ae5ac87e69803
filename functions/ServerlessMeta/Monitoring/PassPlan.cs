using System.Collections.Immutable;
using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>Which windows are to be computed, for what changed.</summary>
internal sealed class PassPlan(MonitoringTable table, Watched watched)
{
    // The rows of a transaction are 100, and one takes away what they come from.
    private const int MostAtOnce = 99;
    private static readonly TimeSpan Around = TimeSpan.FromDays(1);
    private static readonly string[] Brief = ["RowKey", "v", "id", "start", "end", "received", "rev", "blob", "baseline", "state", "rows", "predictions", "labelled", "computed", "cause", "verdict", "drifted", "compared"];
    private readonly Dictionary<string, Dictionary<string, ChangeMark>> marks = new(StringComparer.Ordinal);
    private readonly string partition = MonitoringKeys.Partition(watched.Target);

    /// <summary>Rows of windows, in the order of their starts.</summary>
    public SortedSet<string> Windows { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that are judged anew also when they are closed.</summary>
    public HashSet<string> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>What says that a window is to be computed; taken away when it was.</summary>
    public IEnumerable<ChangeMark> MarksOf(string window) => marks.TryGetValue(window, out var its) ? its.Values : [];

    /// <summary>
    /// Notes what is to be computed. What concerns several windows, labels or a baseline, becomes a mark of each first, and then goes: so each window is done by itself, and a run goes on where the last ended.
    /// </summary>
    public async Task SpreadAsync(ImmutableArray<ChangeMark> changes, CancellationToken ct)
    {
        foreach (var mark in changes.Where(static mark => MonitoringKeys.KindOfChange(mark.RowKey) is 'w'))
        {
            Note(mark);
        }
        foreach (var mark in changes.Where(static mark => MonitoringKeys.KindOfChange(mark.RowKey) is 'l' or 'b'))
        {
            await SpreadAsync(mark, await ConcernedAsync(mark, ct), ct);
        }
    }

    /// <summary>Windows that somebody asks for: also those that are closed.</summary>
    public async Task AskAsync(DateTimeOffset? from, DateTimeOffset? below, CancellationToken ct)
    {
        foreach (var row in await table.ListAsync(partition, MonitoringKeys.Windows(watched.Target, from, below), ["RowKey"], ct))
        {
            Windows.Add(row.RowKey);
            Asked.Add(row.RowKey);
        }
    }

    public void Ask(MonitoredWindow window)
    {
        var rowKey = MonitoringKeys.Window(watched.Target, window.Start, window.Id);
        Windows.Add(rowKey);
        Asked.Add(rowKey);
    }

    private void Note(ChangeMark mark)
    {
        var window = MonitoringKeys.WindowOfChange(mark.RowKey);
        Windows.Add(window);
        if (!marks.TryGetValue(window, out var its))
        {
            marks[window] = its = new Dictionary<string, ChangeMark>(StringComparer.Ordinal);
        }
        its[mark.RowKey] = mark;
    }

    // The last transaction takes the mark away too; when it changed meanwhile it stays for the next run.
    private async Task SpreadAsync(ChangeMark mark, List<string> windows, CancellationToken ct)
    {
        var left = windows;
        for (; left.Count > MostAtOnce; left = left[MostAtOnce..])
        {
            await PutAsync(left[..MostAtOnce], null, ct);
        }
        try
        {
            await PutAsync(left, mark, ct);
        }
        catch (TableTransactionFailedException changed) when (changed.Status is 404 or 412)
        {
            await PutAsync(left, null, ct);
        }
    }

    private async Task PutAsync(List<string> windows, ChangeMark? done, CancellationToken ct)
    {
        var transaction = table.Begin(watched.Target);
        var keys = windows.ConvertAll(MonitoringKeys.ChangeOfWindow);
        foreach (var key in keys)
        {
            transaction.Put(new TableEntity(partition, key));
        }
        if (done is { } mark)
        {
            transaction.Remove(mark.RowKey, mark.Tag);
        }
        if (transaction.Count == 0)
        {
            return;
        }
        var tags = await transaction.CommitAsync(ct);
        foreach (var (place, key) in keys.Index())
        {
            Note(new ChangeMark(key, tags[place]));
        }
    }

    private async Task<List<string>> ConcernedAsync(ChangeMark mark, CancellationToken ct)
    {
        if (MonitoringKeys.KindOfChange(mark.RowKey) is 'b')
        {
            return await ListAsync((null, null), static window => window.Latest is { } latest && (latest.State is not WindowState.Closed || latest.Baseline == 0), ct);
        }
        return await table.FindAsync(partition, MonitoringKeys.BatchOfChange(mark.RowKey), ct) is { } row ? await ConcernedAsync(LabelRow.To(row), ct) : [];
    }

    private async Task<List<string>> ConcernedAsync(LabelBatch batch, CancellationToken ct)
    {
        var lag = watched.Options.Analysis.MaxLabelLag;
        var windows = new SortedSet<string>(StringComparer.Ordinal);
        if (batch.IsUnplaced)
        {
            windows.UnionWith(await ListAsync(
                (null, null), window => (window.Start < window.ReceivedAt - lag ? window.Start : window.ReceivedAt - lag) - Around <= batch.ReceivedAt && batch.ReceivedAt <= window.LabelsUntil(lag) + Around, ct));
        }
        if (batch is { FirstDay: { } first, LastDay: { } last })
        {
            var (from, below) = (Midnight(first) - Around, Midnight(last.AddDays(1)) + Around);
            windows.UnionWith(await ListAsync((from - watched.Longest, below), window => window.End > from, ct));
        }
        return [.. windows];
    }

    private async Task<List<string>> ListAsync((DateTimeOffset? From, DateTimeOffset? Below) starts, Func<MonitoredWindow, bool> isConcerned, CancellationToken ct)
    {
        var windows = new List<string>();
        await foreach (var row in table.ReadAsync(partition, MonitoringKeys.Windows(watched.Target, starts.From, starts.Below), 1000, Brief, ct))
        {
            if (isConcerned(WindowRow.To(row)))
            {
                windows.Add(row.RowKey);
            }
        }
        return windows;
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
