using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>The partition of rules and triggers.</summary>
internal sealed class TriggerTable(StorageClients storage, TimeProvider time)
{
    /// <summary>In whole milliseconds, as keys have it.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    public TableClient Table => storage.Rules;

    public Task<TableEntity?> FindAsync(string rowKey, CancellationToken ct) => FindAsync(rowKey, null, ct);

    /// <param name="columns">The properties to read; null: all.</param>
    public async Task<TableEntity?> FindAsync(string rowKey, string[]? columns, CancellationToken ct)
    {
        var row = await Table.GetEntityIfExistsAsync<TableEntity>(TriggerKeys.Partition, rowKey, columns, ct);
        return row.HasValue ? row.Value : null;
    }

    public IAsyncEnumerable<TableEntity> QueryAsync((string From, string Below) range, CancellationToken ct) => QueryAsync(range, null, null, 1000, ct);

    /// <param name="also">A condition on properties; null: none.</param>
    /// <param name="columns">The properties to read; null: all.</param>
    /// <param name="perPage">How many an operation brings.</param>
    public IAsyncEnumerable<TableEntity> QueryAsync((string From, string Below) range, string? also, string[]? columns, int perPage, CancellationToken ct)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TriggerKeys.Partition} and RowKey ge {range.From} and RowKey lt {range.Below}");
        return Table.QueryAsync<TableEntity>(also is null ? filter : $"{filter} and {also}", perPage, columns, ct);
    }

    public GroupTransaction Begin() => new(Table, TriggerKeys.Partition);

    /// <summary>Commits; false when another writer was first.</summary>
    /// <param name="transaction">Its steps.</param>
    /// <param name="witness">The key of a row that it writes with the id of this write: by it is known whether it took effect when the answer is lost.</param>
    /// <param name="write">The id.</param>
    public async Task<bool> TryCommitAsync(GroupTransaction transaction, string witness, string write)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
            return true;
        }
        catch (Exception unsure) when (unsure is RequestFailedException { Status: 404 or 409 or 412 } || Outage.IsAmbiguous(unsure))
        {
            // An outage that lasts fails this read, and so the caller.
            return (await FindAsync(witness, ["RowKey", WriteId.Property], CancellationToken.None))?.GetString(WriteId.Property) == write;
        }
    }

    /// <summary>Tries until it succeeds; null: others were first for ten seconds.</summary>
    /// <param name="attempt">Returns null when another writer was first.</param>
    public static async Task<T?> RepeatAsync<T>(Func<Task<T?>> attempt, CancellationToken ct)
        where T : class
    {
        // How long others were first is real time, whatever clock the store has.
        var started = TimeProvider.System.GetTimestamp();
        for (var tries = 0; ; tries++)
        {
            if (await attempt() is { } done)
            {
                return done;
            }
            if (!await BackOff.WaitAsync(TimeProvider.System, started, tries, ct))
            {
                return null;
            }
        }
    }
}
