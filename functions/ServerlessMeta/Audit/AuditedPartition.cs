using System.Runtime.CompilerServices;
using Azure.Data.Tables;

namespace ServerlessMeta.Audit;

/// <summary>A partition with audited objects.</summary>
internal sealed record AuditedPartition(TableClient Table, string Partition)
{
    /// <summary>For kinds whose objects all lie in one partition, or in a few that are known.</summary>
    public static async IAsyncEnumerable<AuditedPartition> Of(TableClient table, IEnumerable<string> partitions, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var partition in partitions)
        {
            ct.ThrowIfCancellationRequested();
            yield return new AuditedPartition(table, partition);
        }
        await Task.CompletedTask;
    }

    /// <summary>The rows of a range; the service's own order.</summary>
    public IAsyncEnumerable<TableEntity> QueryAsync((string From, string Below) range, string[]? columns, int perPage, CancellationToken ct) => Table.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {range.From} and RowKey lt {range.Below}"), perPage, columns, ct);

    public async Task<TableEntity?> FindAsync(string rowKey, string[]? columns, CancellationToken ct) =>
        await Table.GetEntityIfExistsAsync<TableEntity>(Partition, rowKey, columns, ct) is { HasValue: true } found ? found.Value : null;
}
