using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>Writes an experiment's (stage, epoch) into its runs, a hundred a transaction. Reads were right before already, by the epoch.</summary>
internal sealed class RunMarker(StorageClients storage)
{
    private const int PartitionsAtOnce = 8;
    private static readonly string[] Columns = ["PartitionKey", "RowKey", "epoch", "rev"];

    public async Task MarkAsync(Experiment experiment, CancellationToken ct)
    {
        await Parallel.ForAsync(0, 1 << experiment.PartitionBits, new ParallelOptions { MaxDegreeOfParallelism = PartitionsAtOnce, CancellationToken = ct },
            async (partition, stop) => await MarkAsync(experiment, RunKeys.Partition(experiment.Id, partition), stop));
    }

    private async Task MarkAsync(Experiment experiment, string partition, CancellationToken ct)
    {
        var (from, below) = RunKeys.Runs;
        var pages = storage.Runs.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"RowKey lt {below} and RowKey ge {from} and PartitionKey eq {partition} and epoch lt {experiment.Epoch}"), 1000, Columns, ct).AsPages();
        await foreach (var page in pages.WithCancellation(ct))
        {
            foreach (var rows in page.Values.Chunk(TableLimits.TransactionRows))
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
            transaction.Merge(Marked(experiment, row), row.ETag);
        }
        try
        {
            await transaction.CommitAsync(ct);
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 412)
        {
            // Some run was written meanwhile: one by one, each as it now is.
            foreach (var row in rows)
            {
                await MarkOneAsync(experiment, row, ct);
            }
        }
    }

    private async Task MarkOneAsync(Experiment experiment, TableEntity row, CancellationToken ct)
    {
        while (await storage.Runs.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, Columns, ct) is { HasValue: true, Value: { } now }
            && now.GetInt32("epoch") < experiment.Epoch)
        {
            try
            {
                await storage.Runs.UpdateEntityAsync(Marked(experiment, now), now.ETag, TableUpdateMode.Merge, ct);
                return;
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 412)
            {
                // Written again; look again.
            }
        }
    }

    private static TableEntity Marked(Experiment experiment, TableEntity row) => new(row.PartitionKey, row.RowKey)
    {
        [WriteId.Property] = WriteId.New(),
        ["rev"] = row.GetInt64("rev")!.Value + 1,
        ["stage"] = (int)experiment.Stage,
        ["epoch"] = experiment.Epoch,
    };
}
