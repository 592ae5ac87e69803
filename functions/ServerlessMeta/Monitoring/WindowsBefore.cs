using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring;

/// <summary>Reads the windows before another: an operation to find them, and for each one to list its parts and one to read each.</summary>
internal sealed class WindowsBefore(MonitoringTable table, WindowContent windows)
{
    // Windows that were computed often have many rows, and some overlap: so many rows are looked at for each window that is wanted.
    private const int RowsEach = 20;

    /// <summary>Those that were computed, have rows and had ended when a window begins, up to <paramref name="count"/>, the latest last. No operation for none.</summary>
    public async Task<ImmutableArray<EarlierWindow>> ReadAsync(MonitorTarget target, MonitoredWindow window, int count, CancellationToken ct)
    {
        var found = ImmutableArray.CreateBuilder<EarlierWindow>();
        foreach (var one in count == 0 ? [] : await FindAsync(target, window, count, ct))
        {
            found.Insert(0, new EarlierWindow(one, await windows.ProfileAsync(await windows.PartsAsync(target, one, ct), ct)));
        }
        return found.ToImmutable();
    }

    // The latest first.
    private async Task<List<string>> FindAsync(MonitorTarget target, MonitoredWindow window, int count, CancellationToken ct)
    {
        var (found, looked, last) = (new List<string>(), 0, "");
        await foreach (var row in table.ReadAsync(MonitoringKeys.Partition(target), MonitoringKeys.ResultsBefore(target, window.Start), RowsEach * count, ResultRow.BriefColumns, ct))
        {
            var entry = ResultRow.To(row);
            if (entry.Window != last && entry.End <= window.Start && entry.Brief.Rows > 0)
            {
                found.Add(entry.Window);
            }
            last = entry.Window;
            if (found.Count == count || ++looked == RowsEach * count)
            {
                break;
            }
        }
        return found;
    }
}
