using System.Collections.Immutable;
using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>Finds what is to be computed: one query for each of the 16 partitions, whatever is watched.</summary>
internal sealed class ChangeReader(MonitoringTable table)
{
    // So many marks of a target are enough for a run; the next finds the others.
    private const int MostOfTarget = 2000;

    // So many rows of a partition are looked at.
    private const int MostRows = 50_000;

    /// <summary>What is due by a moment, in the order of partitions and targets.</summary>
    public async Task<List<TargetChanges>> ReadAsync(DateTimeOffset now, CancellationToken ct)
    {
        var parts = await Task.WhenAll(MonitoringKeys.AllPartitions.Select(partition => ReadAsync(partition, now, ct)));
        return [.. parts.SelectMany(static part => part)];
    }

    /// <summary>What is to be computed of one target at once: one operation.</summary>
    public async Task<TargetChanges> ReadAsync(MonitorTarget target, CancellationToken ct)
    {
        var partition = MonitoringKeys.Partition(target);
        var rows = await table.ListAsync(partition, MonitoringKeys.ChangedOf(target), ["RowKey"], ct);
        return new TargetChanges(partition, target.Key, [.. rows.Select(Mark)]);
    }

    private async Task<List<TargetChanges>> ReadAsync(string partition, DateTimeOffset now, CancellationToken ct)
    {
        var found = new SortedDictionary<string, ImmutableArray<ChangeMark>.Builder>(StringComparer.Ordinal);
        var (range, looked) = (MonitoringKeys.ChangedBy(now), 0);
        for (string? next = range.From; next is not null && looked < MostRows;)
        {
            (var from, next) = (next, null);
            await foreach (var row in table.ReadAsync(partition, (from, range.Below), 1000, ["RowKey"], ct))
            {
                var target = MonitoringKeys.TargetOfChange(row.RowKey);
                if (!found.TryGetValue(target, out var marks))
                {
                    found[target] = marks = ImmutableArray.CreateBuilder<ChangeMark>();
                }
                if (marks.Count < MostOfTarget)
                {
                    marks.Add(Mark(row));
                }
                if (++looked == MostRows)
                {
                    break;
                }
                if (marks.Count == MostOfTarget && MonitoringKeys.IsAtOnce(row.RowKey))
                {
                    // One that has much does not hide the others behind it.
                    next = MonitoringKeys.BehindTargetOfChange(row.RowKey);
                    break;
                }
            }
        }
        return [.. found.Select(one => new TargetChanges(partition, one.Key, one.Value.ToImmutable()))];
    }

    private static ChangeMark Mark(TableEntity row) => new(row.RowKey, row.ETag);
}
