using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>
/// Writes an experiment's (stage, epoch) into its runs, 33 a transaction: each run's row and its audit entry. Reads were right before already, by the epoch.
/// </summary>
internal sealed partial class RunMarker(StorageClients storage, TimeProvider time, ILogger<RunMarker> logger)
{
    private const int PartitionsAtOnce = 8;
    private const int RunsPerTransaction = TableLimits.TransactionRows / 3;

    public async Task MarkAsync(Experiment experiment, CancellationToken ct)
    {
        await Parallel.ForAsync(0, 1 << experiment.PartitionBits, new ParallelOptions { MaxDegreeOfParallelism = PartitionsAtOnce, CancellationToken = ct },
            async (partition, stop) => await MarkAsync(experiment, RunKeys.Partition(experiment.Id, partition), stop));
    }

    private async Task MarkAsync(Experiment experiment, string partition, CancellationToken ct)
    {
        var (from, below) = RunKeys.Runs;
        var pages = storage.Runs.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"RowKey lt {below} and RowKey ge {from} and PartitionKey eq {partition} and epoch lt {experiment.Epoch}"), 1000, RunRow.RecordColumns, ct).AsPages();
        await foreach (var page in pages.WithCancellation(ct))
        {
            foreach (var rows in page.Values.Chunk(RunsPerTransaction))
            {
                await MarkAsync(experiment, partition, rows, ct);
            }
        }
    }

    private async Task MarkAsync(Experiment experiment, string partition, TableEntity[] rows, CancellationToken ct)
    {
        var transaction = new GroupTransaction(storage.Runs, partition);
        foreach (var row in rows)
        {
            Mark(transaction, experiment, row);
        }
        try
        {
            await transaction.CommitAsync(ct);
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
            // Some run was written meanwhile, or has lost the head of its chain: one by one, each as it now is.
            foreach (var row in rows)
            {
                await MarkOneAsync(experiment, row, ct);
            }
        }
    }

    private async Task MarkOneAsync(Experiment experiment, TableEntity row, CancellationToken ct)
    {
        AuditHead? ended = null;
        while (await storage.Runs.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, RunRow.RecordColumns, ct) is { HasValue: true, Value: { } now }
            && now.GetInt32("epoch") < experiment.Epoch)
        {
            try
            {
                var transaction = new GroupTransaction(storage.Runs, now.PartitionKey);
                Mark(transaction, experiment, now, ended);
                await transaction.CommitAsync(ct);
                return;
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 412)
            {
                // Written again; look again.
            }
            catch (RequestFailedException taken) when (taken.Status is 409)
            {
                // The head is not where the chain ends: someone changed it, which verification tells. The chain goes on from its newest entry, and the others are marked in any case.
                var was = ended;
                ended = await FindEndAsync(now, ct);
                if (ended is null || ended.Number == was?.Number)
                {
                    LogSkipped(RunKeys.RunOf(now.RowKey).ToString());
                    return;
                }
            }
        }
    }

    private async Task<AuditHead?> FindEndAsync(TableEntity row, CancellationToken ct)
    {
        await foreach (var newest in new AuditedPartition(storage.Runs, row.PartitionKey).QueryAsync(AuditKeys.Entries(RunKeys.RunOf(row.RowKey).ToString()), null, 1, ct))
        {
            var commit = AuditCommit.Of(newest);
            return commit.Entries is [.., { } last] ? new AuditHead(commit.Last, AuditEntry.HashOf(commit.Lines[^1].Span), last.At) : null;
        }
        return null;
    }

    private void Mark(GroupTransaction transaction, Experiment experiment, TableEntity row, AuditHead? ended = null)
    {
        var write = WriteId.New();
        var marked = new TableEntity(row) { ["stage"] = (int)experiment.Stage, ["epoch"] = experiment.Epoch };
        var id = RunKeys.RunOf(row.RowKey).ToString();
        var trail = new AuditTrail(id, $"run:{id}", ended ?? AuditHead.TryOf(row) ?? AuditHead.None);
        trail.Record(
            Caller.Store, time.GetUtcNow(), "run.mark", [new RowChange(row.RowKey, RunRow.DigestOf(row), RunRow.DigestOf(marked))], row.GetString("name"),
            new("experiment", experiment.Id.ToString()), new("stage", experiment.Stage.ToString()), new("epoch", experiment.Epoch.ToString(CultureInfo.InvariantCulture)));
        var change = new TableEntity(row.PartitionKey, row.RowKey)
        {
            [WriteId.Property] = write,
            ["rev"] = row.GetInt64("rev")!.Value + 1,
            ["stage"] = (int)experiment.Stage,
            ["epoch"] = experiment.Epoch,
        };
        trail.Head.Write(change);
        transaction.Merge(change, row.ETag);
        foreach (var entry in trail.Rows(row.PartitionKey, write))
        {
            transaction.Add(entry);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {Run} cannot be marked: the end of its audit chain cannot be read.")]
    private partial void LogSkipped(string run);
}
