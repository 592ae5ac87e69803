using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Events that were committed with their change and that receivers have not taken yet.</summary>
internal sealed class ModelOutbox(StorageClients storage)
{
    /// <summary>The events that wait, each with the key by which it is removed; those of one model in the order they happened.</summary>
    /// <param name="perOperation">How many an operation brings, up to a thousand: each may be large.</param>
    /// <param name="ct">Gives up.</param>
    public async IAsyncEnumerable<(string RowKey, ModelEvent Event)> ListAsync(int perOperation, [EnumeratorCancellation] CancellationToken ct)
    {
        var (from, below) = ModelKeys.Outbox;
        await foreach (var row in storage.Models.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {ModelKeys.Partition} and RowKey ge {from} and RowKey lt {below}"), perOperation, cancellationToken: ct))
        {
            yield return (row.RowKey, ModelEventRow.To(row));
        }
    }

    /// <summary>Removes an event that every receiver has; one that is gone already is no fault.</summary>
    public Task RemoveAsync(string rowKey, CancellationToken ct) => storage.Models.DeleteEntityAsync(ModelKeys.Partition, rowKey, cancellationToken: ct);
}
