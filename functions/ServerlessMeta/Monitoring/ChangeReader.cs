using System.Collections.Immutable;
using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>Finds what is to be computed: one query for each of the 16 partitions, whatever is watched.</summary>
internal sealed class ChangeReader(MonitoringTable table)
{
    // So many marks of a partition are enough for a run; the next finds the others.
    private const int MostMarks = 5000;

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
        var marks = new List<ChangeMark>();
        await foreach (var row in table.ReadAsync(partition, MonitoringKeys.ChangedBy(now), 1000, ["RowKey"], ct))
        {
            marks.Add(Mark(row));
            if (marks.Count == MostMarks)
            {
                break;
            }
        }
        return [.. marks.GroupBy(static mark => MonitoringKeys.TargetOfChange(mark.RowKey), StringComparer.Ordinal).OrderBy(static group => group.Key, StringComparer.Ordinal)
            .Select(group => new TargetChanges(partition, group.Key, group.ToImmutableArray()))];
    }

    private static ChangeMark Mark(TableEntity row) => new(row.RowKey, row.ETag);
}
