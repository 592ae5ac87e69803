using Azure;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>
/// Changes registered models: reads the model's row, prepares the change on it, commits all of it in one transaction under the row's ETag, and does so again when another
/// writer was first. Two operations when the instance knows the name.
/// </summary>
internal sealed class ModelWriter(StorageClients storage, ModelReader reader, IEnumerable<ModelEventsCommitted> committed, TimeProvider time) : IDisposable
{
    public const string Kind = "RegisteredModel";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Writers of one model in this instance take turns, so that they do not lose to each other.
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(static _ => new SemaphoreSlim(1))];

    /// <param name="name">The model's name.</param>
    /// <param name="prepare">Makes the change from what is stored; one that is not noted writes nothing, and answers what it gave.</param>
    /// <param name="ct">Gives up before the commit.</param>
    public async Task<Result<T>> ChangeAsync<T>(string name, Func<ModelChange, CancellationToken, Task<Result<T>>> prepare, CancellationToken ct)
    {
        var turn = turns[(uint)name.GetHashCode(StringComparison.Ordinal) % turns.Length];
        if (!await turn.WaitAsync(Patience, ct))
        {
            return new Failure.Busy(Kind, name, TimeSpan.FromSeconds(2));
        }
        try
        {
            return await ChangeInTurnAsync(name, prepare, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Commits a change; false when another writer was first, so that it is to be prepared anew. What has no room is refused.</summary>
    internal async Task<Result<bool>> TryCommitAsync(ModelChange change)
    {
        if (ModelRow.Refuse(change.Model) is { } refused)
        {
            return refused;
        }
        var write = WriteId.New();
        var transaction = change.ToTransaction(storage, write);
        if (!transaction.Fits)
        {
            return new Failure.Invalid("body", "This is too much for one change; split it up.");
        }
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception unsure) when (unsure is RequestFailedException { Status: 404 or 409 or 412 } || Outage.IsAmbiguous(unsure))
        {
            // The entry of the change tells whether it took effect after all; an outage that lasts fails this read, and so the caller.
            if ((await reader.FindRowAsync(change.EntryKey, CancellationToken.None))?.GetString(WriteId.Property) != write)
            {
                return false;
            }
        }
        if (change.HasEvents)
        {
            foreach (var tell in committed)
            {
                tell();
            }
        }
        return true;
    }

    public void Dispose()
    {
        foreach (var turn in turns)
        {
            turn.Dispose();
        }
    }

    private async Task<Result<T>> ChangeInTurnAsync<T>(string name, Func<ModelChange, CancellationToken, Task<Result<T>>> prepare, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            if (await reader.FindHomeAsync(name, ct) is not { } row)
            {
                return new Failure.NotFound(Kind, name);
            }
            var change = new ModelChange(row, ModelRow.To(row), reader, Caller.Current, DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()));
            var prepared = await prepare(change, ct);
            if (!prepared.IsOk || !change.IsNoted)
            {
                return prepared;
            }
            var done = await TryCommitAsync(change);
            if (!done.IsOk || done.Value)
            {
                return done.IsOk ? prepared : done.Failure;
            }
            if (time.GetElapsedTime(started) > Patience)
            {
                return new Failure.Busy(Kind, name, TimeSpan.FromSeconds(2));
            }
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * Math.Min(100, 4 << Math.Min(attempt, 5))), time, ct);
        }
    }
}
