using System.Collections.Immutable;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Pages of ranges, in the order of their keys.</summary>
internal static class MonitoringPages
{
    /// <summary>How many rows are looked at for a page, where not each makes an item; a page may then have few, or none, and a token.</summary>
    private const int MostRows = 3000;

    /// <param name="table">The table.</param>
    /// <param name="partition">Where.</param>
    /// <param name="query">What is asked; a token belongs to it.</param>
    /// <param name="range">The keys.</param>
    /// <param name="size">How many at most.</param>
    /// <param name="pageToken">From the page before; null: the first.</param>
    /// <param name="columns">Which columns; null: all.</param>
    /// <param name="read">Makes an item of a row; null: it is not wanted.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Result<Paged<T>>> ReadAsync<T>(
        MonitoringTable table, string partition, string query, (string From, string Below) range, int size, string? pageToken, string[]? columns, Func<TableEntity, T?> read, CancellationToken ct)
        where T : class
    {
        var token = PageToken.Read(query, pageToken);
        if (!token.IsOk)
        {
            return new Failure.Invalid("pageToken", token.Failure.Detail);
        }
        if (token.Value is { } last)
        {
            if (!PageToken.IsWithin(last, range.From, range.Below))
            {
                return new Failure.Invalid("pageToken", PageToken.Elsewhere);
            }
            // Behind the last one: no key of ours has this character.
            range.From = last + "~";
        }
        var items = ImmutableArray.CreateBuilder<T>();
        var (key, looked) = ("", 0);
        await foreach (var row in table.ReadAsync(partition, range, size + 1, columns, ct))
        {
            if (items.Count == size || looked == MostRows)
            {
                return new Paged<T>(items.ToImmutable(), PageToken.Write(query, key));
            }
            (key, looked) = (row.RowKey, looked + 1);
            if (read(row) is { } item)
            {
                items.Add(item);
            }
        }
        return new Paged<T>(items.ToImmutable(), null);
    }
}
