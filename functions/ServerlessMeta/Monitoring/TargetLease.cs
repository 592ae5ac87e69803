using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>
/// Who computes a target: a row, for sixty seconds, renewed while it goes on. Every result is written in a transaction with that row, under its ETag: who lost the lease, by a long pause or a wrong clock,
/// writes nothing.
/// </summary>
internal sealed class TargetLease : IAsyncDisposable
{
    private const string Until = "until";
    private const string Owner = "by";
    private const int MostAttempts = 3;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(20);

    private readonly MonitoringTable table;
    private readonly string partition;
    private readonly string rowKey;
    private readonly string owner;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource stopping = new();
    private ETag tag;
    private Task renewing = Task.CompletedTask;

    private TargetLease(MonitoringTable table, string partition, string rowKey, string owner, ETag tag, TimeProvider time) =>
        (this.table, this.partition, this.rowKey, this.owner, this.tag, this.time) = (table, partition, rowKey, owner, tag, time);

    /// <summary>One operation; two more when somebody left one behind. Null: somebody has it.</summary>
    public static async Task<TargetLease?> TryTakeAsync(MonitoringTable table, MonitorTarget target, TimeProvider time, CancellationToken ct)
    {
        var (partition, rowKey, owner) = (MonitoringKeys.Partition(target), MonitoringKeys.Lease(target), WriteId.New());
        var row = new TableEntity(partition, rowKey) { [Owner] = owner, [Until] = time.GetUtcNow() + Length };
        try
        {
            return Begin((await table.Client.AddEntityAsync(row, ct)).Headers.ETag!.Value);
        }
        catch (RequestFailedException taken) when (taken.Status is 409)
        {
            if (await table.FindAsync(partition, rowKey, ct) is not { } held)
            {
                return null;
            }
            if (held.GetString(Owner) == owner)
            {
                // The answer was lost, and the request sent again.
                return Begin(held.ETag);
            }
            if (held.GetDateTimeOffset(Until) > time.GetUtcNow())
            {
                return null;
            }
            try
            {
                return Begin((await table.Client.UpdateEntityAsync(row, held.ETag, TableUpdateMode.Replace, ct)).Headers.ETag!.Value);
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 412)
            {
                return null;
            }
        }

        TargetLease Begin(ETag taken)
        {
            var lease = new TargetLease(table, partition, rowKey, owner, taken, time);
            lease.renewing = lease.RenewAsync();
            return lease;
        }
    }

    /// <summary>Commits steps of the target's partition, if the lease still holds, which is renewed with it. When the answer is lost, the row tells whether it took effect.</summary>
    /// <exception cref="LeaseLostException">It does not hold.</exception>
    public async Task CommitAsync(Action<GroupTransaction> steps, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            for (var attempt = 1; !await TryCommitAsync(steps, attempt); attempt++)
            {
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<bool> TryCommitAsync(Action<GroupTransaction> steps, int attempt)
    {
        var transaction = new GroupTransaction(table.Client, partition);
        transaction.Merge(Row(), tag);
        steps(transaction);
        try
        {
            tag = (await transaction.CommitAsync(CancellationToken.None))[0];
            return true;
        }
        catch (Exception unsure) when (unsure is TableTransactionFailedException { Status: 404 or 412, FailedTransactionActionIndex: 0 } || Outage.IsAmbiguous(unsure))
        {
            if (await table.FindAsync(partition, rowKey, CancellationToken.None) is not { } row || row.GetString(Owner) != owner)
            {
                throw new LeaseLostException(rowKey);
            }
            // Nobody else changes the row while it is ours.
            if (row.ETag != tag)
            {
                tag = row.ETag;
                return true;
            }
            if (attempt == MostAttempts)
            {
                throw;
            }
            return false;
        }
    }

    /// <summary>Gives it back; what cannot be given back ends by its time.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await table.Client.DeleteEntityAsync(partition, rowKey, tag, CancellationToken.None);
        }
        catch (Exception unsure) when (unsure is RequestFailedException || Outage.IsAmbiguous(unsure))
        {
            await RemoveOwnAsync();
        }
        turn.Dispose();
        stopping.Dispose();
    }

    // After an answer that was lost the ETag is another, but the row says whose it is.
    private async Task RemoveOwnAsync()
    {
        try
        {
            if (await table.FindAsync(partition, rowKey, CancellationToken.None) is { } row && row.GetString(Owner) == owner)
            {
                await table.Client.DeleteEntityAsync(partition, rowKey, row.ETag, CancellationToken.None);
            }
        }
        catch (Exception unsure) when (unsure is RequestFailedException || Outage.IsAmbiguous(unsure))
        {
            // It ends by its time.
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Renewal, time, stopping.Token);
                await TryRenewAsync();
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or LeaseLostException)
        {
            // Whoever commits next learns whether it still holds.
        }
    }

    private async Task TryRenewAsync()
    {
        try
        {
            await CommitAsync(static _ => { }, stopping.Token);
        }
        catch (Exception outage) when (!stopping.IsCancellationRequested && Outage.IsAmbiguous(outage))
        {
            // The next renewal comes before it ends.
        }
    }

    private TableEntity Row() => new(partition, rowKey) { [Owner] = owner, [Until] = time.GetUtcNow() + Length };
}
