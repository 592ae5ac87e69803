using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Messages;

/// <summary>
/// Takes away receipts that are older than <see cref="MessagesOptions.ReceiptDays"/>: one operation for each partition, one more for each hundred. It may run twice at once,
/// late, or half way. A pass ends after some minutes; each day begins at another partition, so that none is left out for ever.
/// </summary>
public sealed class ReceiptTrim
{
    private const int PartitionsAtOnce = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    private readonly ReceiptSource[] sources;
    private readonly IOptions<MessagesOptions> options;
    private readonly TimeProvider time;

    internal ReceiptTrim(IEnumerable<ReceiptSource> sources, IOptions<MessagesOptions> options, TimeProvider time) => (this.sources, this.options, this.time) = ([.. sources], options, time);

    public async Task RunAsync(CancellationToken ct)
    {
        var places = new List<(TableClient Table, string Partition)>();
        foreach (var source in sources)
        {
            await foreach (var partition in source.Partitions(ct))
            {
                places.Add((source.Table, partition));
            }
        }
        if (places.Count == 0)
        {
            return;
        }
        var (now, started) = (time.GetUtcNow(), time.GetTimestamp());
        var before = (now - TimeSpan.FromDays(options.Value.ReceiptDays)).ToUnixTimeMilliseconds();
        // Strides of a prime make the beginnings of two days differ however many partitions there are.
        var first = (int)(now.ToUnixTimeSeconds() / 86_400 * 7919 % places.Count);
        await Parallel.ForAsync(0, places.Count, new ParallelOptions { MaxDegreeOfParallelism = PartitionsAtOnce, CancellationToken = ct }, async (i, stop) =>
        {
            var (table, partition) = places[(first + i) % places.Count];
            await TrimAsync(table, partition, before, started, stop);
        });
    }

    private async Task TrimAsync(TableClient table, string partition, long before, long started, CancellationToken ct)
    {
        if (time.GetElapsedTime(started) > Longest)
        {
            return;
        }
        var (from, below) = ReceiptKeys.All;
        var pages = table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {below} and at lt {before}"), 1000, ["RowKey"], ct).AsPages();
        await foreach (var page in pages.WithCancellation(ct))
        {
            foreach (var rows in page.Values.Chunk(TableLimits.TransactionRows))
            {
                if (time.GetElapsedTime(started) > Longest)
                {
                    return;
                }
                try
                {
                    await rows.Aggregate(new GroupTransaction(table, partition), static (transaction, row) => transaction.Remove(row.RowKey)).CommitAsync(ct);
                }
                catch (RequestFailedException gone) when (gone.Status is 404)
                {
                    // Another pass is taking them away.
                    return;
                }
            }
        }
    }
}
