using System.Collections.Immutable;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Reads ranges of the records of a model, whichever feature's they are, in the order of their keys.</summary>
internal sealed class ModelRecords(StorageClients storage)
{
    private const int MostPerOperation = 1000;

    /// <summary>How many rows are looked at for a page, that rare records do not read them all; a page may then have few, or none, and a token.</summary>
    private const int MostRows = 2 * MostPerOperation;

    /// <summary>How much the records of a page have together before it ends.</summary>
    private const int MostBytes = 8 * 1024 * 1024;

    /// <param name="range">The keys.</param>
    /// <param name="perOperation">How many an operation brings, up to a thousand.</param>
    /// <param name="condition">A further condition on the rows, as OData; null: none.</param>
    /// <param name="ct">Gives up.</param>
    public IAsyncEnumerable<TableEntity> ReadAsync((string From, string Below) range, int perOperation, string? condition, CancellationToken ct)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {ModelKeys.Partition} and RowKey ge {range.From} and RowKey lt {range.Below}");
        return storage.Models.QueryAsync<TableEntity>(condition is null ? filter : $"{filter} and {condition}", Math.Min(perOperation, MostPerOperation), cancellationToken: ct);
    }

    /// <summary>A page of records: one operation, two when few of many rows are wanted.</summary>
    /// <param name="query">What is asked; a token belongs to it.</param>
    /// <param name="range">The keys.</param>
    /// <param name="size">How many at most.</param>
    /// <param name="pageToken">From the page before; null: the first.</param>
    /// <param name="read">Makes a record of a row; null: it is not wanted.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="bytes">How much a record is, for those that may be large.</param>
    public async Task<Result<Paged<T>>> PageAsync<T>(
        string query, (string From, string Below) range, int size, string? pageToken, Func<TableEntity, T?> read, CancellationToken ct, Func<TableEntity, int>? bytes = null)
        where T : class
    {
        var token = PageToken.Read(query, pageToken);
        if (!token.IsOk)
        {
            return new Failure.Invalid("pageToken", token.Failure.Detail);
        }
        string? behind = null;
        if (token.Value is { } last)
        {
            if (string.CompareOrdinal(last, range.From) < 0 || string.CompareOrdinal(last, range.Below) >= 0 || last.Any(char.IsControl))
            {
                return new Failure.Invalid("pageToken", "Invalid page token, it names nothing of this list");
            }
            range.From = last;
            behind = TableClient.CreateQueryFilter($"RowKey gt {last}");
        }
        var items = ImmutableArray.CreateBuilder<T>();
        var (key, looked, weight) = ("", 0, 0L);
        await foreach (var row in ReadAsync(range, size + 1, behind, ct))
        {
            if (items.Count == size || looked == MostRows || weight >= MostBytes)
            {
                return new Paged<T>(items.ToImmutable(), PageToken.Write(query, key));
            }
            (key, looked) = (row.RowKey, looked + 1);
            if (read(row) is { } item)
            {
                items.Add(item);
                weight += bytes?.Invoke(row) ?? 0;
            }
        }
        return new Paged<T>(items.ToImmutable(), null);
    }
}
