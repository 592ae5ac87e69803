using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Registered models: unique names, numbers from a counter, deletion as a property. Each change is one transaction.</summary>
public sealed class ModelStore : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ModelReader reader;
    private readonly ModelWriter writer;
    private readonly ModelMoves moves;
    private readonly ModelEvents events;
    private readonly TimeProvider time;

    // Creations of this instance take turns, for they all advance the counter.
    private readonly SemaphoreSlim turn = new(1);

    internal ModelStore(ModelReader reader, ModelWriter writer, ModelMoves moves, ModelEvents events, TimeProvider time) =>
        (this.reader, this.writer, this.moves, this.events, this.time) = (reader, writer, moves, events, time);

    /// <summary>Creates a model: three operations; <see cref="Failure.AlreadyExists"/> when the name is taken, which costs no write.</summary>
    public async Task<Result<RegisteredModel>> CreateAsync(NewModel wanted, CancellationToken ct)
    {
        if (!await turn.WaitAsync(Patience, ct))
        {
            return Busy(wanted.Name);
        }
        try
        {
            return await CreateInTurnAsync(wanted, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The model that has a name now.</summary>
    public async Task<Result<RegisteredModel>> FindAsync(string name, CancellationToken ct) =>
        await reader.FindAsync(name, ct) is { } found ? found : new Failure.NotFound(ModelWriter.Kind, name);

    /// <summary>Gives the model another name; its versions stay with it. Its number stays what it was.</summary>
    public Task<Result<RegisteredModel>> RenameAsync(string name, string newName, CancellationToken ct) => ChangeAsync(name, null, async (change, stop) =>
    {
        if (newName == name)
        {
            return null;
        }
        if (RefuseGuarded(change) is { } guarded)
        {
            return guarded;
        }
        if (await reader.FindRowAsync(ModelKeys.Name(newName), stop) is not null)
        {
            return new Failure.AlreadyExists(ModelWriter.Kind, newName, LifecycleStage.Active);
        }
        change.Model = change.Model with { Name = newName };
        var claim = ClaimRow(change.Model);
        change.Also(transaction => transaction.Add(claim).Remove(ModelKeys.Name(name)));
        change.Note("model.rename", KeyValuePair.Create("from", name), KeyValuePair.Create("to", newName));
        return null;
    }, ct);

    /// <summary>Changes what people say of the model; what is null stays, an empty text removes.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="description">The new description.</param>
    /// <param name="owner">The new owner.</param>
    /// <param name="expected">The model that the caller means, as he saw it: when it is another, <see cref="Failure.Conflict"/>. Null: whatever it is.</param>
    /// <param name="ct">Gives up before the commit.</param>
    public Task<Result<RegisteredModel>> UpdateAsync(string name, string? description, string? owner, ExpectedModel? expected, CancellationToken ct) => ChangeAsync(name, expected, (change, _) =>
    {
        var next = change.Model with { Description = Changed(change.Model.Description, description), Owner = Changed(change.Model.Owner, owner) };
        if (next != change.Model)
        {
            change.Note("model.update", Told(("description", description), ("owner", owner)));
            change.Model = next;
        }
        return Task.FromResult<Failure?>(null);
    }, ct);

    /// <summary>Deletes the model and with it all its versions. Its rows stay, as evidence; its name is free.</summary>
    public Task<Result<RegisteredModel>> DeleteAsync(string name, CancellationToken ct) => ChangeAsync(name, null, async (change, stop) =>
    {
        if ((RefuseGuarded(change) ?? await moves.MoveAsync(change, change.Model.Aliases.Clear(), change.Model.Stages.Clear(), null, stop)) is { } refused)
        {
            return refused;
        }
        change.Model = change.Model with { Stage = LifecycleStage.Deleted };
        change.Also(transaction => transaction.Remove(ModelKeys.Name(name)));
        change.Note("model.delete");
        return null;
    }, ct);

    /// <summary>Sets a tag; one that has the value already stays so, and nothing is written.</summary>
    public Task<Result<RegisteredModel>> SetTagAsync(string name, Tag tag, CancellationToken ct) => ChangeAsync(name, null, async (change, stop) =>
    {
        var set = await ModelTags.SetAsync(change, 0, (change.Model.Tags, change.Model.LargeTags), [tag], stop);
        if (!set.IsOk)
        {
            return set.Failure;
        }
        if (!set.Value.Tags.SequenceEqual(change.Model.Tags) || !set.Value.Large.SequenceEqual(change.Model.LargeTags))
        {
            change.Model = change.Model with { Tags = set.Value.Tags, LargeTags = set.Value.Large };
            change.Note("model.tag.set", KeyValuePair.Create("key", tag.Key));
            events.ModelTagSet(change, tag);
        }
        return null;
    }, ct);

    /// <summary>Deletes a tag; one that is not there is no fault.</summary>
    public Task<Result<RegisteredModel>> DeleteTagAsync(string name, string key, CancellationToken ct) => ChangeAsync(name, null, async (change, stop) =>
    {
        var left = await ModelTags.RemoveAsync(change, 0, (change.Model.Tags, change.Model.LargeTags), key, stop);
        if (left.Tags.Length + left.Large.Length != change.Model.Tags.Length + change.Model.LargeTags.Length)
        {
            change.Model = change.Model with { Tags = left.Tags, LargeTags = left.Large };
            change.Note("model.tag.delete", KeyValuePair.Create("key", key));
            events.ModelTagDeleted(change, key);
        }
        return null;
    }, ct);

    public void Dispose() => turn.Dispose();

    /// <summary>A text as an update leaves it.</summary>
    internal static string? Changed(string? stored, string? wanted) => wanted is null ? stored : wanted.Length == 0 ? null : wanted;

    internal static IEnumerable<KeyValuePair<string, string>> Told(params IEnumerable<(string Name, string? Value)> texts) =>
        texts.Where(static text => text.Value is not null).Select(static text => KeyValuePair.Create(text.Name, text.Value!));

    private Task<Result<RegisteredModel>> ChangeAsync(string name, ExpectedModel? expected, Func<ModelChange, CancellationToken, Task<Failure?>> prepare, CancellationToken ct) => writer.ChangeAsync(name, async (change, stop) =>
        expected is { } meant && !meant.Is(change.Before) ? new Failure.Conflict(ModelWriter.Kind, name)
        : await prepare(change, stop) is { } refused ? refused
        : (Result<RegisteredModel>)(change.IsNoted ? change.Model : change.Before), ct);

    private async Task<Result<RegisteredModel>> CreateInTurnAsync(NewModel wanted, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if (await FindMadeAsync(wanted, ct) is { } made)
            {
                return made;
            }
            var counter = await reader.FindRowAsync(ModelKeys.Counter, ct);
            var change = NewChange(counter?.GetInt64("next") ?? 1, wanted);
            var tags = await ModelTags.SetAsync(change, 0, ([], []), wanted.Tags, ct);
            if (!tags.IsOk)
            {
                return tags.Failure;
            }
            change.Model = change.Model with { Tags = tags.Value.Tags, LargeTags = tags.Value.Large };
            var (claim, next) = (ClaimRow(change.Model), CounterRow(change.Model.Number + 1));
            change.Also(transaction => _ = (counter is null ? transaction.Add(next) : transaction.Merge(next, counter.ETag)).Add(claim));
            if (wanted.IdempotencyKey is { } key)
            {
                var creation = new TableEntity(ModelKeys.Partition, ModelKeys.Creation(wanted.Name, key)) { ["number"] = change.Model.Number };
                change.Also(transaction => transaction.Add(creation));
            }
            change.Note("model.create", Told(("description", wanted.Description), ("owner", wanted.Owner)));
            events.ModelCreated(change, wanted.Tags);
            var committed = await writer.TryCommitAsync(change);
            if (!committed.IsOk)
            {
                return committed.Failure;
            }
            if (committed.Value)
            {
                reader.Remember(wanted.Name, change.Model.Number);
                return change.Model;
            }
            if (time.GetElapsedTime(started) > Patience)
            {
                return Busy(wanted.Name);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(5 + (Random.Shared.NextDouble() * 50)), time, ct);
        }
    }

    // What stands in the way of a creation: the model that an earlier call with the same key made, or one that has the name. The name is read first: a creation that another instance commits
    // between the two reads is then found by its key, and not taken for somebody else's.
    private async Task<Result<RegisteredModel>?> FindMadeAsync(NewModel wanted, CancellationToken ct)
    {
        var home = await reader.FindHomeAsync(wanted.Name, ct);
        if (wanted.IdempotencyKey is { } key && await reader.FindRowAsync(ModelKeys.Creation(wanted.Name, key), ct) is { } creation)
        {
            var made = ModelRow.To((await reader.FindRowAsync(ModelKeys.Model(creation.GetInt64("number")!.Value), ct))!);
            return made.Stage is LifecycleStage.Active ? made : new Failure.Clash(ModelWriter.Kind, wanted.Name, $"The model '{wanted.Name}' that this idempotency key made was deleted since.");
        }
        return home is null ? default(Result<RegisteredModel>?) : (Result<RegisteredModel>)new Failure.AlreadyExists(ModelWriter.Kind, wanted.Name, LifecycleStage.Active);
    }

    private ModelChange NewChange(long number, NewModel wanted)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        return new ModelChange(null, new RegisteredModel
        {
            Number = number,
            Name = wanted.Name,
            Description = Changed(null, wanted.Description),
            Author = Caller.Current.Name,
            Owner = Changed(null, wanted.Owner),
            Stage = LifecycleStage.Active,
            CreatedAt = now,
            UpdatedAt = now,
            Revision = 0,
        }, reader, Caller.Current, now);
    }

    // Another model under the old name would have its aliases without the policy.
    private static Failure.Forbidden? RefuseGuarded(ModelChange change) =>
        change.Before.Policy > 0 && change.By.Role < Role.Admin ? new($"The model '{change.Before.Name}' has a policy: only administrators rename or delete it.") : null;

    private static TableEntity ClaimRow(RegisteredModel model) => new(ModelKeys.Partition, ModelKeys.Name(model.Name)) { ["name"] = model.Name, ["number"] = model.Number };

    private static TableEntity CounterRow(long next) => new(ModelKeys.Partition, ModelKeys.Counter) { ["next"] = next };

    private static Failure.Busy Busy(string name) => new(ModelWriter.Kind, name, TimeSpan.FromSeconds(2));
}
