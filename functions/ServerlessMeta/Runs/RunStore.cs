using System.Collections.Immutable;
using Azure;
using ServerlessMeta.Access;
using ServerlessMeta.Datasets;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>Runs: each write one operation when warm, each answered only when stored. Writes from one instance to one run join.</summary>
public sealed class RunStore
{
    private const string Kind = "Run";
    private const int PutAtOnce = 8;
    private readonly StorageClients storage;
    private readonly ExperimentStore experiments;
    private readonly ExperimentReader experimentReader;
    private readonly InputBlobs inputs;
    private readonly RunReader reader;
    private readonly RunWriter writer;
    private readonly TimeProvider time;

    internal RunStore(StorageClients storage, ExperimentStore experiments, ExperimentReader experimentReader, InputBlobs inputs, RunReader reader, RunWriter writer, TimeProvider time) =>
        (this.storage, this.experiments, this.experimentReader, this.inputs, this.reader, this.writer, this.time) = (storage, experiments, experimentReader, inputs, reader, writer, time);

    /// <summary>Creates a run: one transaction. When a message that came before says so again, the run that it made then.</summary>
    public async Task<Result<Run>> CreateAsync(NewRun wanted, CancellationToken ct)
    {
        // A message makes the same run however often it comes, so that it finds its receipt.
        var message = Receipt.Open;
        var key = wanted.IdempotencyKey ?? message?.RowKey;
        if (await FindActiveAsync(wanted.Experiment, ct) is not { } experiment)
        {
            if (await experiments.FindAsync(wanted.Experiment, ct) is not { } found)
            {
                return new Failure.NotFound("Experiment", wanted.Experiment.ToString());
            }
            if (message is not null && await message.IsInAsync(storage.Runs, RunKeys.Partition(RunId.Of(found.Id, found.PartitionBits, key!)), ct))
            {
                message.Known();
            }
            return new Failure.WrongStage("Experiment", wanted.Experiment.ToString(), LifecycleStage.Active, found.Stage);
        }
        var id = key is not null
            ? RunId.Of(experiment.Id, experiment.PartitionBits, key)
            : RunId.New(experiment.Id, experiment.PartitionBits, time.GetUtcNow());
        var state = new RunState(wanted, id, experiment, experiment.ArtifactLocation, Caller.Current, writer.IsWatched);
        var write = new RunWrite(state, WriteId.New(), time.GetUtcNow(), isNew: true, message is null ? [] : [message]);
        try
        {
            state.Settle(write, await write.SendAsync(storage.Runs, CancellationToken.None));
            message?.Carried();
            writer.Remember(state);
        }
        catch (Exception unsure) when (unsure is RequestFailedException { Status: 409 } || Outage.IsAmbiguous(unsure))
        {
            // A row with our write is ours; none at all means that nothing was stored.
            var rows = await reader.FindRowsAsync(id, null, CancellationToken.None);
            if (unsure is RequestFailedException lost && write.ReceiptMet(lost) is not null && rows is null)
            {
                // Its sender gave the message's id to another creation before.
                message!.Known();
                return new Failure.NotFound(Kind, id.ToString());
            }
            if (rows is { } other && other.Row.GetString(WriteId.Property) != write.Id && key is not null)
            {
                await NoteAsync(message, wanted.IdempotencyKey is null, RunKeys.Partition(id));
                return await FindAsync(id, ct) is { } first ? first : new Failure.NotFound(Kind, id.ToString());
            }
            if (rows?.Row.GetString(WriteId.Property) != write.Id)
            {
                throw;
            }
            message?.Carried();
        }
        return new Run { Info = state.Info, Tags = wanted.Tags };
    }

    /// <summary>The run as it is now; null when absent. Its stage is exact: the experiment is read beside it.</summary>
    public async Task<Run?> FindAsync(RunId id, CancellationToken ct)
    {
        var experiment = experimentReader.FindAsync(id.Experiment, ct);
        var record = await reader.FindAsync(id, ct);
        return await experiment is { } parent && record is not null ? await inputs.FillAsync(record.ToRun(record.StageIn(parent)), record, ct) : null;
    }

    public Task<Result<RunInfo>> ChangeAsync(RunId id, RunUpdate update, CancellationToken ct) => WriteActiveAsync(id, state =>
    {
        state.Change(update);
        return null;
    }, 0, "run.update", ct);

    /// <summary>Stores points, params and tags together; <see cref="Failure.ParamsChanged"/> when a param has another value already.</summary>
    public Task<Result<RunInfo>> LogAsync(RunId id, RunLog log, CancellationToken ct) =>
        WriteActiveAsync(id, state => state.Log(log), log.Points.Length, log.Params.Length + log.Tags.Length > 0 || log.Name is not null ? "run.log" : null, ct);

    /// <summary>Sets a tag to what <paramref name="next"/> makes of its present value (null: absent); repeated when another writer was first.</summary>
    public Task<Result<RunInfo>> SetTagAsync(RunId id, string key, Func<string?, Result<string>> next, CancellationToken ct) =>
        WriteActiveAsync(id, state => state.SetTagTo(key, next), 0, "run.tag", ct);

    public Task<Result<RunInfo>> DeleteTagAsync(RunId id, string key, CancellationToken ct) =>
        WriteActiveAsync(id, state => state.RemoveTag(key), 0, "run.untag", ct);

    public Task<Result<RunInfo>> DeleteAsync(RunId id, CancellationToken ct) => MoveAsync(id, LifecycleStage.Deleted, ct);

    public Task<Result<RunInfo>> RestoreAsync(RunId id, CancellationToken ct) => MoveAsync(id, LifecycleStage.Active, ct);

    public async Task<Result<RunInfo>> LogInputsAsync(RunId id, ImmutableArray<DatasetInput> datasets, ImmutableArray<ModelInput> models, CancellationToken ct)
    {
        var stored = datasets.Select(dataset => StoredInput.Of(id.ToString(), dataset)).ToList();
        var fields = stored.Select(static one => one.Field).Concat(models.Select(StoredInput.Of)).ToList();
        if (stored.Exists(static one => one.Blob is not null) && !writer.Knows(id) && await LookAsync(id, ct) is { IsOk: false } refused)
        {
            // Nothing is put for a run that may not have it. This read is the one that the write then needs not.
            return refused;
        }
        // The bytes first, then the row that names them.
        await Parallel.ForEachAsync(stored.Where(static one => one.Blob is not null), new ParallelOptions { MaxDegreeOfParallelism = PutAtOnce, CancellationToken = ct },
            async (one, stop) => await inputs.PutAsync(one.Blob!, one.Content!, stop));
        return await LinkAsync(id, fields, "run.inputs", ct);
    }

    /// <summary>Notes the models that a run made; one that is noted already keeps the newest step given.</summary>
    public Task<Result<RunInfo>> LogOutputsAsync(RunId id, ImmutableArray<ModelOutput> outputs, CancellationToken ct) =>
        LinkAsync(id, [.. outputs.Select(StoredInput.Of)], "run.outputs", ct);

    /// <summary>
    /// Notes which environment a run ran in and how it was launched; what the digests name must be stored before. <see cref="Failure.Conflict"/> when the run does not have
    /// what the caller saw, nor what is asked for.
    /// </summary>
    internal Task<Result<RunInfo>> SetEnvironmentAsync(RunId id, EnvironmentLink seen, EnvironmentLink next, CancellationToken ct) =>
        WriteActiveAsync(id, state => state.Link(seen, next), 0, "run.environment", ct);

    private Task<Result<RunInfo>> LinkAsync(RunId id, IReadOnlyList<Tag> fields, string action, CancellationToken ct) =>
        WriteActiveAsync(id, state => state.AddInputs(fields), 0, action, ct);

    private async Task<Result<RunInfo>> LookAsync(RunId id, CancellationToken ct)
    {
        using var look = Receipt.Pause();
        return await WriteActiveAsync(id, static _ => null, 0, null, ct);
    }

    private async Task<Result<RunInfo>> MoveAsync(RunId id, LifecycleStage stage, CancellationToken ct)
    {
        if (await experiments.FindAsync(id.Experiment, ct) is not { } experiment)
        {
            return new Failure.NotFound(Kind, id.ToString());
        }
        return await writer.WriteAsync(id, state =>
        {
            if (state.StageIn(experiment) != stage)
            {
                state.Move(stage, Math.Max(state.Epoch, experiment.Epoch));
            }
            return null;
        }, 0, stage is LifecycleStage.Deleted ? "run.delete" : "run.restore", ct);
    }

    private async Task<Result<RunInfo>> WriteActiveAsync(RunId id, Func<RunState, Failure?> apply, int points, string? action, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            var experiment = experimentReader.LastSeen(id.Experiment);
            var written = await writer.WriteAsync(id, state => state.StageIn(experiment) is LifecycleStage.Active
                ? apply(state)
                : new Failure.WrongStage(Kind, id.ToString(), LifecycleStage.Active, LifecycleStage.Deleted), points, action, ct);
            if (attempt > 0 || written.Failure is not Failure.WrongStage)
            {
                return written;
            }
            // Refuse on what the experiment is now, not on what it was when last seen.
            await experimentReader.FindAsync(id.Experiment, ct);
        }
    }

    // The run is there already: made by the message itself, or with the same key by another, and then the message's receipt may be missing.
    private async Task NoteAsync(Receipt? message, bool isIts, string partition)
    {
        if (message is null)
        {
            return;
        }
        if (!isIts)
        {
            try
            {
                await storage.Runs.AddEntityAsync(message.In(partition), CancellationToken.None);
                message.Carried();
                return;
            }
            catch (RequestFailedException there) when (there.Status is 409)
            {
                // It came before.
            }
        }
        message.Known();
    }

    private async Task<Experiment?> FindActiveAsync(ExperimentId id, CancellationToken ct)
    {
        var recent = await experimentReader.FindRecentAsync(id, ct);
        if (recent is { Stage: LifecycleStage.Active })
        {
            return recent;
        }
        return await experiments.FindAsync(id, ct) is { Stage: LifecycleStage.Active } now ? now : null;
    }
}
