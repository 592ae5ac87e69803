using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Experiments;

/// <summary>
/// Effects that follow a committed change: marking the runs of an experiment that was deleted or restored. The instance that committed dispatches at
/// once; a timer finishes what a crash left. Every effect may run twice.
/// </summary>
public sealed partial class Outbox : IDisposable
{
    private readonly StorageClients storage;
    private readonly RunMarker marker;
    private readonly ILogger<Outbox> logger;
    private readonly SemaphoreSlim one = new(1);

    internal Outbox(StorageClients storage, RunMarker marker, ILogger<Outbox> logger) => (this.storage, this.marker, this.logger) = (storage, marker, logger);

    /// <summary>Dispatches in the background.</summary>
    public void Nudge() => _ = Task.Run(async () =>
    {
        try
        {
            await SweepAsync(CancellationToken.None);
        }
        catch (Exception outage) when (Outage.IsAmbiguous(outage))
        {
            LogLeft(outage);
        }
    }, CancellationToken.None);

    /// <summary>Dispatches whatever is in the outbox.</summary>
    public async Task SweepAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            var (from, below) = ExperimentKeys.Outbox;
            await foreach (var row in storage.Experiments.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {ExperimentKeys.Partition} and RowKey ge {from} and RowKey lt {below}"), 1000, cancellationToken: ct))
            {
                var experiment = await storage.Experiments.GetEntityAsync<TableEntity>(
                    ExperimentKeys.Partition, ExperimentKeys.Experiment(ExperimentKeys.MarkedBy(row.RowKey)), cancellationToken: ct);
                // Always to the newest epoch: an older entry finds its work done.
                await marker.MarkAsync(ExperimentRow.To(experiment.Value), ct);
                await storage.Experiments.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, ct);
            }
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "The outbox could not be dispatched; the timer will.")]
    private partial void LogLeft(Exception outage);
}
