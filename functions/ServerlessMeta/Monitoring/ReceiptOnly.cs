using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Notes a message that changed nothing, for what it says was known already.</summary>
internal static class ReceiptOnly
{
    public static async Task CommitAsync(GroupTransaction transaction, Receipt receipt, string partition)
    {
        try
        {
            await transaction.Add(receipt.In(partition)).CommitAsync(CancellationToken.None);
        }
        catch (TableTransactionFailedException lost) when (lost.Status is 409)
        {
            receipt.Known();
        }
    }
}
