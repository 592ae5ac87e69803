using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>Reads runs from the table: always from storage, never from a cache.</summary>
internal sealed class RunReader(StorageClients storage)
{
    private const int TornReads = 5;

    /// <summary>A run's own row and the rows beside it; null when there is no such run. One operation, two for a run with rows beside it.</summary>
    /// <param name="columns">The properties to read; null: all, the tail too.</param>
    public async Task<(TableEntity Row, Dictionary<string, TableEntity> Beside)?> FindRowsAsync(RunId id, string[]? columns, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            var row = await storage.Runs.GetEntityIfExistsAsync<TableEntity>(RunKeys.Partition(id), RunKeys.Run(id), columns, ct);
            if (!row.HasValue)
            {
                return null;
            }
            var beside = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
            if (RunRow.HasBeside(row.Value!))
            {
                var (from, below) = RunKeys.AllBeside(id);
                await foreach (var other in QueryAsync(RunKeys.Partition(id), from, below, RunRow.StateColumns, ct))
                {
                    beside[other.RowKey] = other;
                }
            }
            if (!RunRow.AreTorn(row.Value!, beside))
            {
                return (row.Value!, beside);
            }
            if (attempt == TornReads)
            {
                throw new TimeoutException($"Run {id} is being written faster than it can be read.");
            }
        }
    }

    /// <summary>Whether there is such a run, deleted or not.</summary>
    public async Task<bool> ExistsAsync(RunId id, CancellationToken ct) =>
        (await storage.Runs.GetEntityIfExistsAsync<TableEntity>(RunKeys.Partition(id), RunKeys.Run(id), RunRow.ChangeColumns, ct)).HasValue;

    /// <summary>How a run stands: one operation.</summary>
    public async Task<RunChange?> FindChangeAsync(RunId id, CancellationToken ct) =>
        await storage.Runs.GetEntityIfExistsAsync<TableEntity>(RunKeys.Partition(id), RunKeys.Run(id), ["RowKey", "name", "status", "rev"], ct) is { HasValue: true, Value: { } row }
            ? new RunChange(row.GetString("name"), (RunStatus)row.GetInt32("status")!.Value, row.GetInt64("rev")!.Value) : null;

    public async Task<RunRecord?> FindAsync(RunId id, CancellationToken ct) =>
        await FindRowsAsync(id, RunRow.StateColumns, ct) is { } rows ? RunRow.ToRecord(rows.Row, rows.Beside) : null;

    /// <summary>Runs of a partition in the order of their ids, from one id to another (both included), or all of them.</summary>
    public async IAsyncEnumerable<RunRecord> ListAsync(string partition, RunId? first, RunId? last, [EnumeratorCancellation] CancellationToken ct)
    {
        var (from, below) = RunKeys.Runs;
        from = first is { } start ? RunKeys.Run(start) : from;
        below = last is { } end ? RunKeys.AllBeside(end).Below : below;
        TableEntity? run = null;
        var beside = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
        await foreach (var row in QueryAsync(partition, from, below, RunRow.StateColumns, ct))
        {
            if (row.RowKey.Length > RunKeyLength)
            {
                beside[row.RowKey] = row;
                continue;
            }
            if (run is not null && await CompleteAsync(run, beside, ct) is { } record)
            {
                yield return record;
            }
            run = row;
            beside.Clear();
        }
        if (run is not null && await CompleteAsync(run, beside, ct) is { } lastRecord)
        {
            yield return lastRecord;
        }
    }

    /// <summary>Which runs are hot, and the number of the newest cold entry, read in this order: one operation for up to 1,000 hot runs.</summary>
    public async Task<(ImmutableArray<RunId> Hot, long Cold)> ReadHotAsync(string partition, CancellationToken ct)
    {
        var (from, to) = RunKeys.Hot;
        var hot = ImmutableArray.CreateBuilder<RunId>();
        long cold = 0;
        // The counter's key sorts after every hot run's, so a run that cools meanwhile is seen in one or the other.
        await foreach (var row in storage.Runs.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"RowKey le {to} and PartitionKey eq {partition} and RowKey ge {from}"), 1000, ["RowKey", "n"], ct))
        {
            if (row.RowKey == RunKeys.ColdCounter)
            {
                cold = row.GetInt64("n")!.Value;
            }
            else
            {
                hot.Add(RunKeys.RunOf(row.RowKey));
            }
        }
        return (hot.ToImmutable(), cold);
    }

    /// <summary>The runs that cooled after the cold entry <paramref name="after"/> up to <paramref name="to"/>, with their revisions; null when entries are missing.</summary>
    public async Task<List<(RunId Id, long Revision)>?> ReadColdAsync(string partition, long after, long to, CancellationToken ct)
    {
        var cooled = new List<(RunId, long)>();
        var entries = 0;
        await foreach (var row in QueryAsync(partition, RunKeys.Cold(after + 1), RunKeys.Cold(to + 1), null, ct))
        {
            entries++;
            cooled.AddRange(ColdEntry.Read(row));
        }
        return entries == to - after ? cooled : null;
    }

    private const int RunKeyLength = 34;

    private AsyncPageable<TableEntity> QueryAsync(string partition, string from, string below, string[]? columns, CancellationToken ct) =>
        storage.Runs.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {below}"), 1000, columns, ct);

    private async Task<RunRecord?> CompleteAsync(TableEntity run, Dictionary<string, TableEntity> beside, CancellationToken ct)
    {
        // A page boundary may lie between a run and the rows beside it, and a write between the pages.
        if (RunRow.AreTorn(run, beside) || (beside.Count == 0 && RunRow.HasBeside(run)))
        {
            return await FindAsync(RunKeys.RunOf(run.RowKey), ct);
        }
        return RunRow.ToRecord(run, beside);
    }
}
