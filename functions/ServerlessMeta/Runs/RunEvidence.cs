using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>What the audit needs to know of runs.</summary>
internal static class RunEvidence
{
    public static AuditSource SourceOf(StorageClients storage, ExperimentStore experiments, RunReader reader) => new()
    {
        Kind = "run",
        Letters = RunKeys.Runs.From[..1],
        Columns = RunRow.RecordColumns,
        Digest = RunRow.DigestOf,
        Partitions = ct => RunPartitions.OfAllAsync(storage.Runs, experiments, ct),
        Locate = (id, _) => Task.FromResult(RunId.TryParse(id, null, out var run) && run != default
            ? new AuditedObject(new AuditedPartition(storage.Runs, RunKeys.Partition(run)), run.ToString(), RunKeys.Run(run))
            : null),
        ChangedSince = (partition, cursor, ct) => ChangedSinceAsync(reader, partition, cursor, ct),
        CheckData = CheckPointsAsync,
    };

    // Hot runs may have changed; so may those that cooled since. When the log has a gap, the runs of it are not known: the partition is read whole.
    private static async Task<(IReadOnlyList<string>? Keys, long Cursor)> ChangedSinceAsync(RunReader reader, AuditedPartition partition, long cursor, CancellationToken ct)
    {
        var (hot, cold) = await reader.ReadHotAsync(partition.Partition, ct);
        var cooled = cold > cursor ? await reader.ReadColdAsync(partition.Partition, cursor, cold, ct) : [];
        return (cooled is null ? null : [.. hot.Concat(cooled.Select(static one => one.Id)).Distinct().Select(static run => run.ToString()).Order(StringComparer.Ordinal)], cold);
    }

    // The last end of the run named all its points; as long as its row was not written since, they must be the same.
    private static async Task<string?> CheckPointsAsync(AuditedObject one, IReadOnlyList<AuditEntry> entries, CancellationToken ct)
    {
        if (entries.LastOrDefault(static entry => Detail(entry, RunRow.PointsDetail) is not null) is not { } end
            || await one.Partition.FindAsync(one.Home, null, ct) is not { } row
            || row.GetInt64("rev")!.Value.ToString(CultureInfo.InvariantCulture) != Detail(end, RunRow.RevisionDetail))
        {
            return null;
        }
        var segments = new List<TableEntity>();
        await foreach (var segment in one.Partition.QueryAsync(RunKeys.AllSegments(one.Key), null, 1000, ct))
        {
            segments.Add(segment);
        }
        var spilled = segments.OrderBy(static segment => RunKeys.SequenceOf(segment.RowKey)).Aggregate(PointsDigest.None, PointsDigest.With);
        return PointsDigest.Of(spilled, RunRow.TailOf(row)) == Detail(end, RunRow.PointsDetail) ? null : $"The metric points of the run are not those that it had when it ended (entry {end.Number}).";
    }

    private static string? Detail(AuditEntry entry, string name) => entry.Details.FirstOrDefault(detail => detail.Key == name).Value;
}
