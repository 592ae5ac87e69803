using System.Collections.Immutable;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Experiments;

/// <summary>Experiments: unique names, numbers from a counter, deletion as a property. Each change is one transaction.</summary>
public sealed class ExperimentStore(
    StorageClients storage, ExperimentReader reader, Outbox outbox, IOptions<ExperimentsOptions> options, TimeProvider time)
{
    private const string Kind = "Experiment";
    private const string DefaultName = "Default";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Creates an experiment; <see cref="Failure.AlreadyExists"/> when the name is taken, also by a deleted one.</summary>
    public async Task<Result<Experiment>> CreateAsync(NewExperiment wanted, CancellationToken ct)
    {
        if (Refuse(wanted.Tags) is { } refused)
        {
            return refused;
        }
        var write = WriteId.New();
        var started = time.GetTimestamp();
        while (true)
        {
            var counter = await FindCounterAsync(ct);
            var now = Now();
            var made = new Experiment
            {
                Id = new ExperimentId(counter.GetInt64("next")!.Value),
                Name = wanted.Name,
                ArtifactLocation = wanted.ArtifactLocation,
                Stage = LifecycleStage.Active,
                Epoch = 0,
                PartitionBits = options.Value.PartitionBits,
                CreatedAt = now,
                UpdatedAt = now,
                Tags = Join([], wanted.Tags),
            };
            try
            {
                await Write(Transaction().Merge(CounterRow(made.Id.Number + 1), counter.ETag).Add(ClaimRow(made)), made, null, write, Caller.Current, "experiment.create").CommitAsync(ct);
                reader.Saw(made);
                return made;
            }
            catch (RequestFailedException lost) when (lost.Status is 409 or 412)
            {
                if (await FindByNameAsync(wanted.Name, write, ct) is { } holder)
                {
                    return holder.Mine ? holder.Experiment : new Failure.AlreadyExists(Kind, wanted.Name, holder.Experiment.Stage);
                }
                if (time.GetElapsedTime(started) > Patience)
                {
                    return Busy(wanted.Name);
                }
                await JitterAsync(ct);
            }
        }
    }

    public async Task<Experiment?> FindAsync(ExperimentId id, CancellationToken ct)
    {
        var found = await reader.FindAsync(id, ct);
        if (found is null && id == ExperimentId.Default)
        {
            await FindCounterAsync(ct);
            return await reader.FindAsync(id, ct);
        }
        return found;
    }

    public async Task<Experiment?> FindByNameAsync(string name, CancellationToken ct)
    {
        var found = await FindByNameAsync(name, "", ct);
        if (found is null && name == DefaultName)
        {
            await FindCounterAsync(ct);
            found = await FindByNameAsync(name, "", ct);
        }
        return found?.Experiment;
    }

    /// <summary>Every experiment, deleted ones too, in the order of their numbers.</summary>
    public async Task<ImmutableArray<Experiment>> ListAsync(CancellationToken ct)
    {
        var (from, below) = ExperimentKeys.Experiments;
        var all = ImmutableArray.CreateBuilder<Experiment>();
        await foreach (var row in storage.Experiments.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {ExperimentKeys.Partition} and RowKey ge {from} and RowKey lt {below}"), 1000, cancellationToken: ct))
        {
            all.Add(ExperimentRow.To(row));
        }
        if (all.Count == 0 || all[0].Id != ExperimentId.Default)
        {
            await FindCounterAsync(ct);
            all.Insert(0, (await reader.FindAsync(ExperimentId.Default, ct))!);
        }
        return all.ToImmutable();
    }

    public async Task<Result<Experiment>> RenameAsync(ExperimentId id, string name, CancellationToken ct) =>
        await ChangeAsync(id, LifecycleStage.Active, "experiment.rename", experiment => experiment with { Name = name }, static (transaction, old, next) =>
        {
            if (old.Name != next.Name)
            {
                transaction.Add(ClaimRow(next)).Remove(ExperimentKeys.Name(old.Name));
            }
        }, ct, KeyValuePair.Create("name", name));

    /// <summary>Deletes the experiment and, by the epoch, all its runs at once; their rows are marked afterwards.</summary>
    public Task<Result<Experiment>> DeleteAsync(ExperimentId id, CancellationToken ct) => MoveAsync(id, LifecycleStage.Active, LifecycleStage.Deleted, ct);

    /// <summary>Restores the experiment and all its runs, those deleted singly too.</summary>
    public Task<Result<Experiment>> RestoreAsync(ExperimentId id, CancellationToken ct) => MoveAsync(id, LifecycleStage.Deleted, LifecycleStage.Active, ct);

    public async Task<Result<Experiment>> SetTagAsync(ExperimentId id, Tag tag, CancellationToken ct) =>
        await ChangeAsync(id, LifecycleStage.Active, "experiment.tag", experiment => Refuse(Join(experiment.Tags, [tag])) is { } refused
            ? refused
            : experiment with { Tags = Join(experiment.Tags, [tag]) }, null, ct, KeyValuePair.Create(tag.Key, tag.Value));

    public async Task<Result<Experiment>> DeleteTagAsync(ExperimentId id, string key, CancellationToken ct) =>
        await ChangeAsync(id, LifecycleStage.Active, "experiment.untag", experiment => experiment.Tags.Any(tag => tag.Key == key)
            ? experiment with { Tags = experiment.Tags.RemoveAll(tag => tag.Key == key) }
            : new Failure.NotFound("Tag", key), null, ct, KeyValuePair.Create("tag", key));

    private async Task<Result<Experiment>> MoveAsync(ExperimentId id, LifecycleStage from, LifecycleStage to, CancellationToken ct)
    {
        var moved = await ChangeAsync(id, from, to is LifecycleStage.Deleted ? "experiment.delete" : "experiment.restore", experiment => experiment with { Stage = to, Epoch = experiment.Epoch + 1 },
            static (transaction, _, next) => transaction.Put(new TableEntity(ExperimentKeys.Partition, ExperimentKeys.Mark(next.Id, next.Epoch))), ct);
        if (moved.IsOk)
        {
            outbox.Nudge();
            return moved;
        }
        // What is already deleted (or active) is not there to be deleted (or restored).
        return moved.Failure is Failure.WrongStage ? new Failure.NotFound(Kind, id.ToString()) : moved;
    }

    private async Task<Result<Experiment>> ChangeAsync(
        ExperimentId id, LifecycleStage required, string action, Func<Experiment, Result<Experiment>> change, Action<GroupTransaction, Experiment, Experiment>? followers, CancellationToken ct,
        params KeyValuePair<string, string>[] details)
    {
        var write = WriteId.New();
        var started = time.GetTimestamp();
        if (id == ExperimentId.Default)
        {
            await FindAsync(id, ct);
        }
        while (true)
        {
            var row = await storage.Experiments.GetEntityIfExistsAsync<TableEntity>(ExperimentKeys.Partition, ExperimentKeys.Experiment(id), cancellationToken: ct);
            if (!row.HasValue)
            {
                return new Failure.NotFound(Kind, id.ToString());
            }
            var old = ExperimentRow.To(row.Value!);
            if (row.Value!.GetString(WriteId.Property) == write)
            {
                return old;
            }
            if (old.Stage != required)
            {
                return new Failure.WrongStage(Kind, id.ToString(), required, old.Stage);
            }
            var changed = change(old);
            if (!changed.IsOk)
            {
                return changed;
            }
            var next = changed.Value with { UpdatedAt = Now() };
            var transaction = Write(Transaction(), next, row.Value, write, Caller.Current, action, details);
            followers?.Invoke(transaction, old, next);
            try
            {
                await transaction.CommitAsync(ct);
                reader.Saw(next);
                return next;
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
            {
                if (next.Name != old.Name && await FindByNameAsync(next.Name, write, ct) is { Mine: false } holder && holder.Experiment.Id != id)
                {
                    return new Failure.AlreadyExists(Kind, next.Name, holder.Experiment.Stage);
                }
                if (time.GetElapsedTime(started) > Patience)
                {
                    return Busy(id.ToString());
                }
                await JitterAsync(ct);
            }
        }
    }

    private async Task<(Experiment Experiment, bool Mine)?> FindByNameAsync(string name, string write, CancellationToken ct)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var claim = await storage.Experiments.GetEntityIfExistsAsync<TableEntity>(ExperimentKeys.Partition, ExperimentKeys.Name(name), cancellationToken: ct);
            if (!claim.HasValue)
            {
                return null;
            }
            var id = new ExperimentId(claim.Value!.GetInt64("number")!.Value);
            var row = await storage.Experiments.GetEntityAsync<TableEntity>(ExperimentKeys.Partition, ExperimentKeys.Experiment(id), cancellationToken: ct);
            var experiment = ExperimentRow.To(row.Value);
            reader.Saw(experiment);
            if (experiment.Name == name)
            {
                return (experiment, row.Value.GetString(WriteId.Property) == write);
            }
        }
        return null;
    }

    // The counter's row, made with experiment "0" on first use.
    private async Task<TableEntity> FindCounterAsync(CancellationToken ct)
    {
        while (true)
        {
            var counter = await storage.Experiments.GetEntityIfExistsAsync<TableEntity>(ExperimentKeys.Partition, ExperimentKeys.Counter, cancellationToken: ct);
            if (counter.HasValue)
            {
                return counter.Value!;
            }
            var now = Now();
            var first = new Experiment
            {
                Id = ExperimentId.Default,
                Name = DefaultName,
                Stage = LifecycleStage.Active,
                Epoch = 0,
                PartitionBits = options.Value.PartitionBits,
                CreatedAt = now,
                UpdatedAt = now,
            };
            try
            {
                await Write(Transaction().Add(CounterRow(1)).Add(ClaimRow(first)), first, null, WriteId.New(), Caller.Store, "experiment.create").CommitAsync(ct);
            }
            catch (RequestFailedException lost) when (lost.Status is 409)
            {
                // Another instance was first.
            }
        }
    }

    private GroupTransaction Transaction() => new(storage.Experiments, ExperimentKeys.Partition);

    // The experiment's row, guarded, and the entry of what became of it.
    private static GroupTransaction Write(
        GroupTransaction transaction, Experiment next, TableEntity? stored, string write, Caller by, string action, params KeyValuePair<string, string>[] details)
    {
        var row = ExperimentRow.From(next, write);
        var trail = new AuditTrail(ExperimentKeys.ObjectKey(next.Id), $"experiment:{next.Id}", stored is null ? AuditHead.None : AuditHead.Of(stored));
        trail.Record(by, next.UpdatedAt, action, [new RowChange(row.RowKey, stored is null ? null : RowDigest.Of(stored), RowDigest.Of(row))], next.Name, details);
        trail.Head.Write(row);
        _ = stored is null ? transaction.Add(row) : transaction.Replace(row, stored.ETag);
        foreach (var entry in trail.Rows(ExperimentKeys.Partition, write))
        {
            transaction.Add(entry);
        }
        return transaction;
    }

    private static TableEntity CounterRow(long next) => new(ExperimentKeys.Partition, ExperimentKeys.Counter) { ["next"] = next };

    private static TableEntity ClaimRow(Experiment experiment) => new(ExperimentKeys.Partition, ExperimentKeys.Name(experiment.Name))
    {
        ["name"] = experiment.Name,
        ["number"] = experiment.Id.Number,
    };

    // The last of equal keys wins, at the place of the first.
    private static ImmutableArray<Tag> Join(ImmutableArray<Tag> tags, ImmutableArray<Tag> more)
    {
        var joined = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags.Concat(more))
        {
            joined[tag.Key] = tag.Value;
        }
        return [.. joined.Select(static pair => new Tag(pair.Key, pair.Value))];
    }

    private static Failure.Invalid? Refuse(ImmutableArray<Tag> tags) => tags.Sum(PackedFields.Measure) > ExperimentRow.TagBytes
        ? new Failure.Invalid("tags", $"An experiment takes up to {ExperimentRow.TagBytes} bytes of tags.")
        : null;

    private static Failure.Busy Busy(string id) => new(Kind, id, TimeSpan.FromSeconds(2));

    // Milliseconds, as every dialect answers them.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private Task JitterAsync(CancellationToken ct) =>
        Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(2, 40)), time, ct);
}
