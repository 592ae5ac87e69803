using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.Messages;

internal static class Messaging
{
    /// <summary>Applies what a message says, as the message of a source and an id.</summary>
    public static async Task<(Result<T> Answer, Receipt Receipt)> ApplyAsync<T>(this Instance store, string id, Func<Instance, Task<Result<T>>> apply, string source = "test")
    {
        var receipt = new Receipt(source, id, store.Time.GetUtcNow());
        using var scope = receipt.Begin();
        return (await apply(store), receipt);
    }

    /// <summary>Delivers it until it is answered, as a queue does.</summary>
    public static async Task<Receipt> DeliverAsync<T>(this Instance store, string id, Func<Instance, Task<Result<T>>> apply)
    {
        for (var delivery = 1; ; delivery++)
        {
            try
            {
                var (answer, receipt) = await store.ApplyAsync(id, apply);
                if (answer.Failure is Failure.Busy && !receipt.IsKnown && delivery < 5)
                {
                    continue;
                }
                Assert.True(answer.IsOk || receipt.IsKnown, answer.Failure?.Detail);
                return receipt;
            }
            catch (Exception outage) when (Outage.IsAmbiguous(outage) && delivery < 5)
            {
                // Not settled: it comes again.
            }
        }
    }

    public static async Task<List<string>> ReceiptsAsync(TableClient table) =>
        await table.QueryAsync<TableEntity>(static row => row.RowKey.CompareTo("z|") >= 0 && row.RowKey.CompareTo("z}") < 0, cancellationToken: TestContext.Current.CancellationToken)
            .Select(static row => row.RowKey).ToListAsync(TestContext.Current.CancellationToken);
}
