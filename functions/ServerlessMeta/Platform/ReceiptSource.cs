using Azure.Data.Tables;

namespace ServerlessMeta.Platform;

/// <summary>Where receipts may lie; one for each table whose transactions carry them, registered as a singleton.</summary>
/// <param name="Table">The table.</param>
/// <param name="Partitions">Its partitions, those without receipts too.</param>
internal sealed record ReceiptSource(TableClient Table, Func<CancellationToken, IAsyncEnumerable<string>> Partitions);
