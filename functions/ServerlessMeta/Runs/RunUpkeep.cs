using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>Cools quiet runs, many in one transaction: flag off, hot row gone, an entry in the cold log, its counter advanced. Searches then need not look at them.</summary>
public sealed class RunUpkeep
{
    // A transaction has 100 rows: two for each run, the entry, the counter.
    private const int RunsPerTransaction = 49;
    private const int FinishedAtOnce = 8;

    private readonly StorageClients storage;
    private readonly ExperimentStore experiments;
    private readonly RunReader reader;
    private readonly IOptions<UpkeepOptions> options;
    private readonly TimeProvider time;
    private readonly BeforeCooling[] before;

    internal RunUpkeep(StorageClients storage, ExperimentStore experiments, RunReader reader, IOptions<UpkeepOptions> options, TimeProvider time, IEnumerable<BeforeCooling> before) =>
        (this.storage, this.experiments, this.reader, this.options, this.time, this.before) = (storage, experiments, reader, options, time, [.. before]);

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var experiment in await experiments.ListAsync(ct))
        {
            for (var partition = 0; partition < 1 << experiment.PartitionBits; partition++)
            {
                await CoolAsync(RunKeys.Partition(experiment.Id, partition), ct);
            }
        }
    }

    private async Task CoolAsync(string partition, CancellationToken ct)
    {
        var (hot, _) = await reader.ReadHotAsync(partition, ct);
        // The service's own clock stamped the rows; a skew makes a run cool early or late, never wrong.
        var quietSince = time.GetUtcNow() - TimeSpan.FromMinutes(options.Value.QuietMinutes);
        var quiet = new List<TableEntity>();
        foreach (var stretch in hot.Order().Chunk(1000))
        {
            var (from, to) = (RunKeys.Run(stretch[0]), RunKeys.Run(stretch[^1]));
            await foreach (var row in storage.Runs.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"RowKey le {to} and RowKey ge {from} and PartitionKey eq {partition} and hot eq true"), 1000, RunRow.ChangeColumns, ct))
            {
                if (row.Timestamp <= quietSince)
                {
                    quiet.Add(row);
                }
            }
        }
        foreach (var rows in quiet.Chunk(RunsPerTransaction))
        {
            await CoolAsync(partition, await FinishAsync(rows, ct), ct);
        }
    }

    // A run that is written meanwhile has another ETag by then, and stays hot.
    private async Task<TableEntity[]> FinishAsync(TableEntity[] rows, CancellationToken ct)
    {
        var finished = new bool[rows.Length];
        await Parallel.ForAsync(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = FinishedAtOnce, CancellationToken = ct }, async (i, stop) =>
        {
            finished[i] = true;
            foreach (var finish in RunRow.HasInputs(rows[i]) ? before : [])
            {
                try
                {
                    finished[i] &= await finish(RunKeys.RunOf(rows[i].RowKey), stop);
                }
                catch (Exception outage) when (Outage.IsAmbiguous(outage) && !stop.IsCancellationRequested)
                {
                    // It stays hot; the pass goes on with the others.
                    finished[i] = false;
                }
            }
        });
        return [.. rows.Where((_, i) => finished[i])];
    }

    private async Task CoolAsync(string partition, TableEntity[] rows, CancellationToken ct)
    {
        for (var attempt = 0; rows.Length > 0 && attempt < 5; attempt++)
        {
            var counter = await storage.Runs.GetEntityIfExistsAsync<TableEntity>(partition, RunKeys.ColdCounter, cancellationToken: ct);
            var number = (counter.HasValue ? counter.Value!.GetInt64("n")!.Value : 0) + 1;
            var next = new TableEntity(partition, RunKeys.ColdCounter) { ["n"] = number };
            var transaction = new GroupTransaction(storage.Runs, partition);
            foreach (var row in rows)
            {
                transaction.Merge(new TableEntity(partition, row.RowKey) { ["hot"] = false }, row.ETag).Remove(RunKeys.HotRun(RunKeys.RunOf(row.RowKey)));
            }
            transaction.Add(ColdEntry.From(partition, number, rows.Select(static row => (RunKeys.RunOf(row.RowKey), row.GetInt64("rev")!.Value))));
            _ = counter.HasValue ? transaction.Merge(next, counter.Value!.ETag) : transaction.Add(next);
            try
            {
                await transaction.CommitAsync(ct);
                return;
            }
            catch (TableTransactionFailedException lost) when (lost.Status is 404 or 409 or 412)
            {
                // The run that lost was written just now, so it is not quiet: leave it out. Another upkeep may have advanced the counter.
                var step = lost.FailedTransactionActionIndex;
                rows = step is { } at && at < 2 * rows.Length ? [.. rows.Where((_, i) => i != at / 2)] : rows;
            }
        }
    }
}
