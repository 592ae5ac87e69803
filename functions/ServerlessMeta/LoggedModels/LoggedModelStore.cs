using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.LoggedModels;

/// <summary>
/// Logged models: a write reads the row and merges what changed under its ETag, two operations; when another writer was first it reads and applies again, with
/// jitter, for up to ten seconds. Each write is answered only when stored.
/// </summary>
public sealed class LoggedModelStore
{
    private const string Kind = "LoggedModel";

    private readonly StorageClients storage;
    private readonly ExperimentStore experiments;
    private readonly ExperimentReader experimentReader;
    private readonly TimeProvider time;

    internal LoggedModelStore(StorageClients storage, ExperimentStore experiments, ExperimentReader experimentReader, TimeProvider time) =>
        (this.storage, this.experiments, this.experimentReader, this.time) = (storage, experiments, experimentReader, time);

    /// <summary>Creates a model whose files are yet to come: one operation.</summary>
    public async Task<Result<LoggedModel>> CreateAsync(NewLoggedModel wanted, CancellationToken ct)
    {
        var experiment = await FindActiveAsync(wanted.Experiment, ct);
        if (!experiment.IsOk)
        {
            return experiment.Failure;
        }
        var now = Now();
        var state = new LoggedModelState(new LoggedModel
        {
            Id = wanted.IdempotencyKey is { } key
                ? LoggedModelId.Of(wanted.Experiment, experiment.Value.PartitionBits, key)
                : LoggedModelId.New(wanted.Experiment, experiment.Value.PartitionBits, now),
            Name = wanted.Name,
            Type = wanted.Type,
            SourceRunId = wanted.SourceRunId,
            Status = LoggedModelStatus.Pending,
            CreatedAt = now,
            UpdatedAt = now,
            Stage = LifecycleStage.Active,
            ArtifactRoot = experiment.Value.ArtifactLocation,
        });
        if ((state.AddParams(wanted.Params) ?? state.SetTags(wanted.Tags)) is { } refused)
        {
            return refused;
        }
        var write = WriteId.New();
        try
        {
            var (row, _, entries) = state.Plan(write, Caller.Current, now, "logged-model.create");
            await entries.Aggregate(new GroupTransaction(storage.LoggedModels, row.PartitionKey).Add(row), static (transaction, entry) => transaction.Add(entry)).CommitAsync(CancellationToken.None);
        }
        catch (Exception unsure) when (unsure is RequestFailedException { Status: 409 } || Outage.IsAmbiguous(unsure))
        {
            // A row with our write is ours; none at all means that nothing was stored.
            var found = await FindRowAsync(state.Id, CancellationToken.None);
            if (found is not null && found.GetString(WriteId.Property) != write && wanted.IdempotencyKey is not null)
            {
                return LoggedModelRow.To(found);
            }
            if (found?.GetString(WriteId.Property) != write)
            {
                throw;
            }
        }
        return state.ToModel();
    }

    /// <summary>The model as it is now, a deleted one too; null when absent. Its stage is exact: the experiment is read beside it.</summary>
    public async Task<LoggedModel?> FindAsync(LoggedModelId id, CancellationToken ct)
    {
        var experiment = experimentReader.FindAsync(id.Experiment, ct);
        var row = await FindRowAsync(id, ct);
        return await experiment is { } parent && row is not null ? In(parent, LoggedModelRow.To(row)) : null;
    }

    public Task<Result<LoggedModel>> SetStatusAsync(LoggedModelId id, LoggedModelStatus status, CancellationToken ct) =>
        WriteAsync(id, "logged-model.status", state => state.SetStatus(status, Now()), null, ct);

    public Task<Result<LoggedModel>> SetTagsAsync(LoggedModelId id, ImmutableArray<Tag> tags, CancellationToken ct) =>
        WriteAsync(id, "logged-model.tag", state => state.SetTags(tags), null, ct);

    public Task<Result<LoggedModel>> DeleteTagAsync(LoggedModelId id, string key, CancellationToken ct) =>
        WriteAsync(id, "logged-model.untag", state => state.RemoveTag(key), null, ct);

    /// <summary>Adds params; <see cref="Failure.ParamsChanged"/> when one has another value already, and then none is stored.</summary>
    public Task<Result<LoggedModel>> LogParamsAsync(LoggedModelId id, ImmutableArray<Tag> parameters, CancellationToken ct) =>
        WriteAsync(id, "logged-model.params", state => state.AddParams(parameters), null, ct);

    /// <summary>Deletes the model; one that is deleted already stays so.</summary>
    public Task<Result<LoggedModel>> DeleteAsync(LoggedModelId id, CancellationToken ct) =>
        SendAsync(id, "logged-model.delete", state => ValueTask.FromResult(state.Delete(Now())), null, ct);

    /// <summary>Reads the model and applies what is to be stored, so that a refusal is known before anything is.</summary>
    internal async Task<Result<LoggedModelState>> PrepareAsync(LoggedModelId id, IReadOnlyCollection<ModelMetric> metrics, CancellationToken ct)
    {
        if (await FindRowAsync(id, ct) is not { } row)
        {
            return new Failure.NotFound(Kind, id.ToString());
        }
        var state = new LoggedModelState(row);
        var refused = await GuardAsync(id, experiment => Active(experiment, state) ?? state.AddMetrics(metrics), ct);
        return refused is null ? state : refused;
    }

    /// <summary>Adds metrics; with what <see cref="PrepareAsync"/> gave it is one operation unless another writer was first.</summary>
    internal Task<Result<LoggedModel>> LogAsync(LoggedModelState prepared, IReadOnlyCollection<ModelMetric> metrics, CancellationToken ct) =>
        WriteAsync(prepared.Id, "logged-model.points", state => state.AddMetrics(metrics), prepared, ct);

    /// <summary>The models of a partition in the order of their ids, with what the columns tell of them: one operation for a thousand.</summary>
    internal async IAsyncEnumerable<LoggedModel> ListAsync(Experiment experiment, int partition, string[] columns, [EnumeratorCancellation] CancellationToken ct)
    {
        var (from, below) = LoggedModelKeys.Models;
        await foreach (var row in storage.LoggedModels.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {LoggedModelKeys.Partition(experiment.Id, partition)} and RowKey ge {from} and RowKey lt {below}"), 1000, columns, ct))
        {
            yield return In(experiment, LoggedModelRow.To(row));
        }
    }

    /// <summary>The models whole from one to another of the same partition, of those that are asked for: one operation for a thousand that lie between.</summary>
    internal async IAsyncEnumerable<LoggedModel> ReadAsync(LoggedModelId first, LoggedModelId last, IReadOnlySet<LoggedModelId> wanted, [EnumeratorCancellation] CancellationToken ct)
    {
        var (from, to) = (LoggedModelKeys.Model(first), LoggedModelKeys.Model(last));
        await foreach (var row in storage.LoggedModels.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {LoggedModelKeys.Partition(first)} and RowKey ge {from} and RowKey le {to}"), 1000, cancellationToken: ct))
        {
            if (wanted.Contains(LoggedModelKeys.ModelOf(row.RowKey)))
            {
                yield return LoggedModelRow.To(row);
            }
        }
    }

    private static LoggedModel In(Experiment experiment, LoggedModel model) => experiment.Stage is LifecycleStage.Deleted ? model with { Stage = LifecycleStage.Deleted } : model;

    // What is deleted is not there to be written.
    private static Failure? Active(Experiment? experiment, LoggedModelState state) =>
        state.IsDeleted || experiment is { Stage: LifecycleStage.Deleted } ? state.NotFound() : null;

    // Refuses on what the experiment is now, not on what it was when last seen.
    private async Task<Failure?> GuardAsync(LoggedModelId id, Func<Experiment?, Failure?> apply, CancellationToken ct)
    {
        var seen = experimentReader.LastSeen(id.Experiment);
        return apply(seen is { Stage: LifecycleStage.Deleted } ? await experimentReader.FindAsync(id.Experiment, ct) : seen);
    }

    private Task<Result<LoggedModel>> WriteAsync(LoggedModelId id, string action, Func<LoggedModelState, Failure?> apply, LoggedModelState? prepared, CancellationToken ct)
    {
        return SendAsync(id, action, Guarded, prepared, ct);

        async ValueTask<Failure?> Guarded(LoggedModelState state) => await GuardAsync(id, experiment => Active(experiment, state) ?? apply(state), ct);
    }

    private async Task<Result<LoggedModel>> SendAsync(LoggedModelId id, string action, Func<LoggedModelState, ValueTask<Failure?>> apply, LoggedModelState? prepared, CancellationToken ct)
    {
        var write = WriteId.New();
        var started = time.GetTimestamp();
        var state = prepared;
        for (var attempt = 0; ; attempt++)
        {
            if (state is null)
            {
                if (await FindRowAsync(id, ct) is not { } row)
                {
                    return new Failure.NotFound(Kind, id.ToString());
                }
                if (row.GetString(WriteId.Property) == write)
                {
                    // Our own write took effect although its answer was lost or said otherwise.
                    return LoggedModelRow.To(row);
                }
                state = new LoggedModelState(row);
                if (await apply(state) is { } refused)
                {
                    return refused;
                }
            }
            if (!state.IsChanged || await TrySendAsync(state, write, action))
            {
                return state.ToModel();
            }
            state = null;
            if (!await BackOff.WaitAsync(time, started, attempt, ct))
            {
                return new Failure.Busy(Kind, id.ToString(), TimeSpan.FromSeconds(2));
            }
        }
    }

    private async Task<bool> TrySendAsync(LoggedModelState state, string write, string action)
    {
        var (row, whole, entries) = state.Plan(write, Caller.Current, Now(), action);
        var mode = whole ? TableUpdateMode.Replace : TableUpdateMode.Merge;
        try
        {
            if (entries.Length == 0)
            {
                TableLimits.Weigh(row);
                await storage.LoggedModels.UpdateEntityAsync(row, state.ETag, mode, CancellationToken.None);
                return true;
            }
            var transaction = new GroupTransaction(storage.LoggedModels, row.PartitionKey);
            _ = whole ? transaction.Replace(row, state.ETag) : transaction.Merge(row, state.ETag);
            await entries.Aggregate(transaction, static (all, entry) => all.Add(entry)).CommitAsync(CancellationToken.None);
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
            return false;
        }
        catch (Exception ambiguous) when (Outage.IsAmbiguous(ambiguous))
        {
            // It may have taken effect: the row tells. An outage that lasts fails that read, and so the caller.
            return false;
        }
    }

    private async Task<TableEntity?> FindRowAsync(LoggedModelId id, CancellationToken ct)
    {
        var row = await storage.LoggedModels.GetEntityIfExistsAsync<TableEntity>(LoggedModelKeys.Partition(id), LoggedModelKeys.Model(id), cancellationToken: ct);
        return row.HasValue ? row.Value : null;
    }

    private async Task<Result<Experiment>> FindActiveAsync(ExperimentId id, CancellationToken ct)
    {
        if (await experimentReader.FindRecentAsync(id, ct) is { Stage: LifecycleStage.Active } recent)
        {
            return recent;
        }
        return await experiments.FindAsync(id, ct) switch
        {
            null => new Failure.NotFound("Experiment", id.ToString()),
            { Stage: LifecycleStage.Active } now => now,
            var other => new Failure.WrongStage("Experiment", id.ToString(), LifecycleStage.Active, other.Stage),
        };
    }

    // Milliseconds, as the row keeps them.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
