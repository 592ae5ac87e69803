using System.Collections.Immutable;
using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>Which windows are to be computed, for what changed.</summary>
internal sealed class PassPlan(MonitoringTable table, Watched watched)
{
    private static readonly TimeSpan Around = TimeSpan.FromDays(1);
    private static readonly string[] Brief = ["RowKey", "v", "id", "start", "end", "received", "rev", "blob", "baseline", "state", "rows", "predictions", "labelled", "computed", "cause", "verdict", "drifted", "compared"];
    private readonly string partition = MonitoringKeys.Partition(watched.Target);

    /// <summary>Rows of windows, in the order of their starts.</summary>
    public SortedSet<string> Windows { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that are judged anew also when they are closed.</summary>
    public HashSet<string> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>Marks that name one window.</summary>
    public ILookup<string, ChangeMark> OfWindow { get; private set; } = Enumerable.Empty<ChangeMark>().ToLookup(static _ => "");

    /// <summary>Marks that concern several, and are taken away when all was computed.</summary>
    public List<ChangeMark> Others { get; } = [];

    public async Task ReadAsync(ImmutableArray<ChangeMark> marks, CancellationToken ct)
    {
        OfWindow = marks.Where(static mark => MonitoringKeys.KindOfChange(mark.RowKey) is 'w').ToLookup(static mark => MonitoringKeys.WindowOfChange(mark.RowKey), StringComparer.Ordinal);
        Windows.UnionWith(OfWindow.Select(static group => group.Key));
        foreach (var mark in marks.Where(static mark => MonitoringKeys.KindOfChange(mark.RowKey) is not 'w'))
        {
            Others.Add(mark);
            if (MonitoringKeys.KindOfChange(mark.RowKey) is 'b')
            {
                await AddAsync((null, null), static window => window.Latest is { } latest && (latest.State is not WindowState.Closed || latest.Baseline == 0), ct);
            }
            else if (await table.FindAsync(partition, MonitoringKeys.BatchOfChange(mark.RowKey), ct) is { } batch)
            {
                await AddAsync(LabelRow.To(batch), ct);
            }
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

    private async Task AddAsync(LabelBatch batch, CancellationToken ct)
    {
        var lag = watched.Options.Analysis.MaxLabelLag;
        if (batch.IsUnplaced)
        {
            await AddAsync((null, null), window => (window.Start < window.ReceivedAt - lag ? window.Start : window.ReceivedAt - lag) - Around <= batch.ReceivedAt && batch.ReceivedAt <= window.LabelsUntil(lag) + Around, ct);
        }
        if (batch is { FirstDay: { } first, LastDay: { } last })
        {
            var (from, below) = (Midnight(first) - Around, Midnight(last.AddDays(1)) + Around);
            await AddAsync((from - watched.Longest, below), window => window.End > from, ct);
        }
    }

    private async Task AddAsync((DateTimeOffset? From, DateTimeOffset? Below) starts, Func<MonitoredWindow, bool> isConcerned, CancellationToken ct)
    {
        await foreach (var row in table.ReadAsync(partition, MonitoringKeys.Windows(watched.Target, starts.From, starts.Below), 1000, Brief, ct))
        {
            if (isConcerned(WindowRow.To(row)))
            {
                Windows.Add(row.RowKey);
            }
        }
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
