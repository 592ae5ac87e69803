using System.Collections.Concurrent;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>Which messages were applied before. Receipts are hashes and lie all over their range, so each is asked for by its key.</summary>
internal static class KnownMessages
{
    private const int ReadsAtOnce = 16;

    /// <returns>Of the receipts that are stored: the id of the write that stored each. One operation for each that is asked for.</returns>
    public static async Task<IReadOnlyDictionary<string, string?>> FindAsync(TableClient table, string partition, IEnumerable<string> receipts, CancellationToken ct)
    {
        var found = new ConcurrentDictionary<string, string?>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(receipts, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = ct }, async (receipt, stop) =>
        {
            if (await table.GetEntityIfExistsAsync<TableEntity>(partition, receipt, [WriteId.Property], stop) is { HasValue: true, Value: { } row })
            {
                found[receipt] = row.GetString(WriteId.Property);
            }
        });
        return found;
    }
}
