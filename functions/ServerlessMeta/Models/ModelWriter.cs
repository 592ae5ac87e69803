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

    // Writers of one model in this instance take turns, so that they do not lose to each other.
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(static _ => new SemaphoreSlim(1))];

    /// <param name="name">The model's name.</param>
    /// <param name="prepare">Makes the change from what is stored; one that is not noted writes nothing, and answers what it gave.</param>
    /// <param name="ct">Gives up before the commit.</param>
    public async Task<Result<T>> ChangeAsync<T>(string name, Func<ModelChange, CancellationToken, Task<Result<T>>> prepare, CancellationToken ct)
    {
        var turn = turns[(uint)name.GetHashCode(StringComparison.Ordinal) % turns.Length];
        if (!await turn.WaitAsync(BackOff.Patience, ct))
        {
            return new Failure.Busy(Kind, name, TimeSpan.FromSeconds(2));
        }
        var message = Receipt.Open;
        message?.Enter();
        try
        {
            return await ChangeInTurnAsync(name, prepare, message, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Commits a change; false when another writer was first, so that it is to be prepared anew. What has no room is refused.</summary>
    internal async Task<Result<bool>> TryCommitAsync(ModelChange change, Receipt? message = null)
    {
        if (ModelRow.Refuse(change.Model) is { } refused)
        {
            return refused;
        }
        var write = WriteId.New();
        var transaction = change.ToTransaction(storage, write, message);
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
        message?.Carried();
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

    // A message that changes nothing is noted too: by the time it comes again it might. Of one that is refused it is asked whether it came before.
    private async Task NoteAsync(Receipt? message, bool isDone, CancellationToken ct)
    {
        if (message is null)
        {
            return;
        }
        if (!isDone)
        {
            if (await message.IsInAsync(storage.Models, ModelKeys.Partition, ct))
            {
                message.Known();
            }
            return;
        }
        try
        {
            await storage.Models.AddEntityAsync(message.In(ModelKeys.Partition), ct);
            message.Carried();
        }
        catch (RequestFailedException there) when (there.Status is 409)
        {
            message.Known();
        }
    }

    private async Task<Result<T>> ChangeInTurnAsync<T>(string name, Func<ModelChange, CancellationToken, Task<Result<T>>> prepare, Receipt? message, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            if (await reader.FindHomeAsync(name, ct) is not { } row)
            {
                await NoteAsync(message, isDone: false, ct);
                return new Failure.NotFound(Kind, name);
            }
            var change = new ModelChange(row, ModelRow.To(row), reader, Caller.Current, DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()));
            var prepared = await prepare(change, ct);
            if (!prepared.IsOk || !change.IsNoted)
            {
                await NoteAsync(message, prepared.IsOk, ct);
                return prepared;
            }
            var done = await TryCommitAsync(change, message);
            if (!done.IsOk || done.Value)
            {
                await NoteAsync(done.IsOk ? null : message, isDone: false, ct);
                return done.IsOk ? prepared : done.Failure;
            }
            if (message is not null && await message.IsInAsync(storage.Models, ModelKeys.Partition, ct))
            {
                // What it finds by now is the answer, as for one that has nothing left to do.
                message.Known();
                if (await reader.FindHomeAsync(name, ct) is { } now)
                {
                    return await prepare(new ModelChange(now, ModelRow.To(now), reader, Caller.Current, change.At), ct);
                }
            }
            if (!await BackOff.WaitAsync(time, started, attempt, ct))
            {
                return new Failure.Busy(Kind, name, TimeSpan.FromSeconds(2));
            }
        }
    }
}
