using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Reads of the table <c>monitoring</c>, always within one partition.</summary>
internal sealed class MonitoringTable(StorageClients storage)
{
    private const int MostPerOperation = 1000;

    public TableClient Client => storage.Monitoring;

    public async Task<TableEntity?> FindAsync(string partition, string rowKey, CancellationToken ct) =>
        await Client.GetEntityIfExistsAsync<TableEntity>(partition, rowKey, cancellationToken: ct) is { HasValue: true } found ? found.Value : null;

    /// <summary>The rows of a range, in the order of their keys.</summary>
    /// <param name="partition">Where.</param>
    /// <param name="range">The keys.</param>
    /// <param name="perOperation">How many an operation brings, up to a thousand.</param>
    /// <param name="columns">Which columns; null: all.</param>
    /// <param name="ct">Gives up.</param>
    public IAsyncEnumerable<TableEntity> ReadAsync(string partition, (string From, string Below) range, int perOperation, string[]? columns, CancellationToken ct) => Client.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {range.From} and RowKey lt {range.Below}"), Math.Min(perOperation, MostPerOperation), columns, ct);

    public async Task<List<TableEntity>> ListAsync(string partition, (string From, string Below) range, string[]? columns, CancellationToken ct)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in ReadAsync(partition, range, MostPerOperation, columns, ct))
        {
            rows.Add(row);
        }
        return rows;
    }

    public GroupTransaction Begin(MonitorTarget target) => new(Client, MonitoringKeys.Partition(target));
}
