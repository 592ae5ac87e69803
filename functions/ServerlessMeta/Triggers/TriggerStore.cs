using System.Collections.Immutable;
using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Triggers;

/// <summary>Triggers, and what comes of them. Every change is one transaction with its entry in the audit of the rule.</summary>
public sealed class TriggerStore
{
    public const string Kind = "Trigger";

    private readonly TriggerTable table;
    private readonly TriggerWriter writer;
    private readonly RunReader runs;
    private readonly RuleTargets targets;

    internal TriggerStore(TriggerTable table, TriggerWriter writer, RunReader runs, RuleTargets targets) => (this.table, this.writer, this.runs, this.targets) = (table, writer, runs, targets);

    public async Task<Trigger?> FindAsync(string id, CancellationToken ct) => await FindRowAsync(id, ct) is { } row ? TriggerRow.To(row) : null;

    /// <summary>The trigger that a run answers; null when it answers none that is known.</summary>
    public async Task<Trigger?> FindOfRunAsync(RunId run, CancellationToken ct) => await table.FindAsync(TriggerKeys.OfRun(run.ToString()), ct) is { } of ? await FindAsync(TriggerRow.DecisionIn(of), ct) : null;

    /// <summary>Triggers, the newest first.</summary>
    public async Task<Result<Paged<Trigger>>> ListAsync(TriggerFilter filter, int size, string? pageToken, CancellationToken ct)
    {
        var query = $"triggers\n{filter}";
        var after = PageToken.Read(query, pageToken);
        var (from, below) = TriggerKeys.Triggers;
        if (!after.IsOk || (after.Value is { } last && !PageToken.IsWithin(last, from, below)))
        {
            return new Failure.Invalid("pageToken", after.Failure?.Detail ?? PageToken.Elsewhere);
        }
        var also = string.Join(" and ", Conditions(filter));
        var found = ImmutableArray.CreateBuilder<Trigger>();
        await foreach (var row in table.QueryAsync((after.Value is { } place ? place + ' ' : from, below), also.Length == 0 ? null : also, null, Math.Min(1000, size + 1), ct))
        {
            if (found.Count == size)
            {
                return new Paged<Trigger>(found.ToImmutable(), PageToken.Write(query, TriggerRow.KeyOf(found[^1])));
            }
            found.Add(TriggerRow.To(row));
        }
        return new Paged<Trigger>(found.ToImmutable(), null);
    }

    /// <summary>Sends a trigger that was only suggested. It may be repeated.</summary>
    public Task<Result<Trigger>> ApproveAsync(string id, CancellationToken ct) => writer.ChangeAsync(id, edit =>
    {
        if (edit.Before.Status is TriggerStatus.Suggested)
        {
            edit.After = edit.Before with { Status = TriggerStatus.Requested, ApprovedAt = edit.At, ApprovedBy = edit.By, IsExpired = false };
            edit.Action = "trigger.approve";
            edit.Steps.Add(transaction => TriggerOutbox.Add(transaction, edit.After, TriggerEventKind.Fired, edit.At));
        }
        return Task.FromResult<Failure?>(null);
    }, ct);

    /// <summary>Notes that retraining began. It may be repeated, and come after its end.</summary>
    /// <param name="run">The run that does it; null: none is known.</param>
    public Task<Result<Trigger>> StartAsync(string id, string? run, CancellationToken ct) => StartAsync(id, run, null, ct);

    /// <param name="foundSince">The run was found, and began then: a retraining that was said to have failed is not begun again by a run that is older than that. Null: somebody says so.</param>
    internal Task<Result<Trigger>> StartAsync(string id, string? run, DateTimeOffset? foundSince, CancellationToken ct) => writer.ChangeAsync(id, async edit =>
    {
        var before = edit.Before;
        if (IsOver(before, run, foundSince))
        {
            return null;
        }
        if (await RefuseRunAsync(run, ct) is { } refused)
        {
            return refused;
        }
        if (before.Status is TriggerStatus.Completed)
        {
            // It came late: the end is known. A run that was not named then is.
            edit.After = before with { StartedAt = before.StartedAt ?? before.CompletedAt, Run = before.Run ?? run };
        }
        else if (before.Status is not TriggerStatus.Started || (run is not null && run != before.Run))
        {
            edit.After = before with { Status = TriggerStatus.Started, StartedAt = edit.At, Run = run ?? before.Run, IsExpired = false };
            edit.Fly = flight => flight with { Decision = before.Id, StartedAt = edit.At };
        }
        edit.Action = "trigger.start";
        edit.Details = [("run", edit.After.Run)];
        NoteRun(edit);
        return null;
    }, ct);

    /// <summary>Notes that retraining ended. It may be repeated, and come before its beginning; an end that failed may be followed by one that did not.</summary>
    /// <param name="run">The run that did it; null: as it was.</param>
    /// <param name="newVersion">The version that came of it; null: none is known yet.</param>
    /// <param name="hasSucceeded">Whether it ended well.</param>
    public Task<Result<Trigger>> CompleteAsync(string id, string? run, int? newVersion, bool hasSucceeded, CancellationToken ct) => CompleteAsync(id, run, newVersion, hasSucceeded, null, ct);

    /// <param name="foundSince">As of <see cref="StartAsync(string, string?, DateTimeOffset?, CancellationToken)"/>.</param>
    internal Task<Result<Trigger>> CompleteAsync(string id, string? run, int? newVersion, bool hasSucceeded, DateTimeOffset? foundSince, CancellationToken ct) => writer.ChangeAsync(id, async edit =>
    {
        var before = edit.Before;
        if (IsOver(before, run, foundSince))
        {
            return null;
        }
        if (await RefuseRunAsync(run, ct) is { } refused)
        {
            return refused;
        }
        if (await RefuseVersionAsync(before, newVersion, ct) is { } wrong)
        {
            return wrong;
        }
        if (before.Status is TriggerStatus.Completed)
        {
            if (!hasSucceeded || (newVersion is { } other && before.NewVersion > 0 && before.NewVersion != other))
            {
                return new Failure.Clash(Kind, id, string.Create(CultureInfo.InvariantCulture, $"It ended well before{(before.NewVersion > 0 ? $", with version {before.NewVersion}" : "")}."));
            }
            edit.After = before with { Run = before.Run ?? run, NewVersion = before.NewVersion > 0 ? before.NewVersion : newVersion ?? 0 };
        }
        else if (before.Status is not TriggerStatus.Failed || hasSucceeded || (run is not null && run != before.Run))
        {
            edit.After = before with
            {
                Status = hasSucceeded ? TriggerStatus.Completed : TriggerStatus.Failed,
                StartedAt = before.StartedAt ?? edit.At,
                CompletedAt = edit.At,
                Run = run ?? before.Run,
                NewVersion = newVersion ?? before.NewVersion,
                IsExpired = false,
            };
            edit.Fly = flight => flight.Decision == before.Id ? flight with { Decision = null, StartedAt = null } : flight;
        }
        edit.Action = hasSucceeded ? "trigger.complete" : "trigger.fail";
        edit.Details = [("run", edit.After.Run), ("version", edit.After.NewVersion > 0 ? edit.After.NewVersion.ToString(CultureInfo.InvariantCulture) : null)];
        NoteRun(edit);
        return null;
    }, ct);

    /// <summary>Tries again what was given up, and what a broker took but nobody answered: one in memory may have ended with it. What waits is tried anyway.</summary>
    public Task<Result<Trigger>> RedeliverAsync(string id, CancellationToken ct) => writer.ChangeAsync(id, async edit =>
    {
        edit.Action = "trigger.redeliver";
        bool IsToSend(TriggerDelivery one) => one.Status is TriggerDeliveryStatus.Dead || (one.Status is TriggerDeliveryStatus.Sent && one.EventId == id && edit.Before.Status is TriggerStatus.Requested);
        foreach (var delivery in (await ListDeliveriesAsync(id, ct)).Where(IsToSend).Select(one => one with { Status = TriggerDeliveryStatus.Pending, Attempts = 0, NextAttemptAt = edit.At }))
        {
            edit.Steps.Add(transaction => transaction.PutInto(TriggerDeliveryRow.State(delivery)).Put(TriggerDeliveryRow.Queued(delivery, edit.At)));
        }
        // A crash may have left the mark away.
        edit.After = edit.Steps.Count > 0 ? edit.Before with { IsUndelivered = false } : edit.Before;
        return null;
    }, ct);

    internal async Task<ImmutableArray<TriggerDelivery>> ListDeliveriesAsync(string id, CancellationToken ct)
    {
        var found = ImmutableArray.CreateBuilder<TriggerDelivery>();
        await foreach (var row in table.QueryAsync(TriggerKeys.Deliveries(id), null, TriggerDeliveryRow.Columns, 1000, ct))
        {
            found.Add(TriggerDeliveryRow.To(row));
        }
        return found.ToImmutable();
    }

    /// <summary>Marks that something of a trigger was given up. Edges of drift may have no trigger.</summary>
    internal Task<Result<Trigger>> MarkUndeliveredAsync(string id, string error, Action<GroupTransaction>? also, CancellationToken ct) => writer.ChangeAsync(id, edit =>
    {
        if (also is not null)
        {
            edit.Steps.Add(also);
        }
        edit.After = edit.Before with { IsUndelivered = true };
        edit.Action = "trigger.undelivered";
        edit.Details = [("error", error)];
        return Task.FromResult<Failure?>(null);
    }, ct);

    /// <summary>Marks what a webhook gave up; nothing for what is of no trigger. Edges of drift may have none.</summary>
    internal async Task MarkGivenUpAsync(Delivery given)
    {
        if (TriggerHooks.EventIn(given.EventId) is not var (decision, eventId)
            || (await ListDeliveriesAsync(decision, CancellationToken.None)).FirstOrDefault(one => one.EventId == eventId && one.Action.Type == RuleText.Webhook && (one.WebhookDelivery is null || one.WebhookDelivery == given.Id.ToString())) is not { } found
            || found.Status is TriggerDeliveryStatus.Dead)
        {
            return;
        }
        var error = given.Error ?? string.Create(CultureInfo.InvariantCulture, $"The receiver answered {given.HttpStatus}.");
        var dead = TriggerDeliveryRow.State(found with { Status = TriggerDeliveryStatus.Dead, Webhook = given.Webhook.ToString(), WebhookDelivery = given.Id.ToString(), Error = error });
        var marked = await MarkUndeliveredAsync(decision, error, transaction => transaction.PutInto(dead), CancellationToken.None);
        if (marked.Failure is Failure.NotFound)
        {
            await table.Begin().PutInto(dead).CommitAsync(CancellationToken.None);
        }
        else if (marked.Failure is { } unmarked)
        {
            throw new TimeoutException($"Trigger '{decision}' could not be marked: {unmarked.Detail}");
        }
    }

    /// <summary>Writes what was judged; nothing when windows came since the wait's row was read.</summary>
    internal Task<Result<Trigger>> JudgeAsync(string id, TriggerVerdict? verdict, bool isExpired, TableEntity awaited, CancellationToken ct) => writer.ChangeAsync(id, edit =>
    {
        edit.After = edit.Before with { Verdict = verdict ?? edit.Before.Verdict, IsExpired = isExpired };
        edit.Action = isExpired ? "trigger.expire" : "trigger.judge";
        edit.Details = [("outcome", verdict?.Outcome), ("basis", verdict?.Basis), ("metric", verdict?.Metric)];
        edit.Awaited = awaited;
        return Task.FromResult<Failure?>(null);
    }, ct);

    /// <summary>Notes that a trigger was looked at and is judged as before; nothing when windows came meanwhile.</summary>
    internal async Task NoteLookAsync(Trigger trigger, TableEntity awaited, CancellationToken ct)
    {
        try
        {
            await table.Table.UpdateEntityAsync(TriggerRow.Awaited(trigger, isChanged: false), awaited.ETag, TableUpdateMode.Replace, ct);
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 412)
        {
            // The next timer looks again.
        }
    }

    /// <summary>The triggers of which more is waited for: one operation when there are none, and one for each. Of the suggestions of a rule the newest alone: however many nobody follows, they cost no more.</summary>
    /// <param name="onBroken">What cannot be read keeps no other from being followed.</param>
    /// <param name="ct">Gives up.</param>
    internal async Task<List<(Trigger Trigger, TableEntity Awaited)>> ListAwaitedAsync(Action<Exception, string> onBroken, CancellationToken ct)
    {
        var (found, waiting) = (new List<(Trigger, TableEntity)>(), new List<TableEntity>());
        await foreach (var awaited in table.QueryAsync(TriggerKeys.Waiting, ct))
        {
            waiting.Add(awaited);
        }
        // The newest is first by its key.
        var outdated = waiting.Where(TriggerRow.IsSuggested).GroupBy(static awaited => TriggerKeys.ObjectOf(TriggerRow.KeyIn(awaited)), StringComparer.Ordinal)
            .SelectMany(static ofRule => ofRule.OrderBy(TriggerRow.KeyIn, StringComparer.Ordinal).Skip(1)).ToList();
        foreach (var awaited in outdated)
        {
            await ForgetAsync(awaited, ct);
        }
        foreach (var awaited in waiting.Except(outdated))
        {
            try
            {
                if (await table.FindAsync(TriggerRow.KeyIn(awaited), ct) is { } row)
                {
                    found.Add((TriggerRow.To(row), awaited));
                }
            }
            catch (Exception broken) when (!Outage.IsAmbiguous(broken))
            {
                onBroken(broken, awaited.RowKey);
            }
        }
        return found;
    }

    private async Task ForgetAsync(TableEntity awaited, CancellationToken ct)
    {
        try
        {
            await table.Table.DeleteEntityAsync(awaited.PartitionKey, awaited.RowKey, awaited.ETag, ct);
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 412)
        {
            // Somebody followed it meanwhile, or another instance was first.
        }
    }

    /// <summary>Notes that a window of a version was computed, for the triggers that wait to be judged by it: one operation when there are none.</summary>
    internal async Task NoteWindowAsync(long model, int version, CancellationToken ct)
    {
        await foreach (var awaited in table.QueryAsync(TriggerKeys.Waiting, TableClient.CreateQueryFilter($"model eq {model} and became gt {0} and (became eq {version} or version eq {version})"), null, 1000, ct))
        {
            try
            {
                await table.Table.UpdateEntityAsync(TriggerRow.Changing(awaited.RowKey), awaited.ETag, TableUpdateMode.Merge, ct);
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 412)
            {
                // It was judged meanwhile, perhaps without this window; the next look at it is asked for by whoever wrote, or it is not waited for any more.
            }
        }
    }

    private async Task<TableEntity?> FindRowAsync(string id, CancellationToken ct) =>
        DecisionId.IsId(id) && await table.FindAsync(TriggerKeys.Place(id), ct) is { } place ? await table.FindAsync(TriggerRow.KeyIn(place), ct) : null;

    // Who retrains knows how it went; only another run that began later tells more.
    private static bool IsOver(Trigger trigger, string? run, DateTimeOffset? foundSince) =>
        foundSince is { } since && trigger.Status is TriggerStatus.Failed && (run == trigger.Run || since <= trigger.CompletedAt);

    private static void NoteRun(TriggerEdit edit)
    {
        if (edit.After.Run is { } run && run != edit.Before.Run)
        {
            edit.Steps.Add(transaction => transaction.Put(TriggerRow.OfRun(edit.After, run)));
        }
    }

    private async Task<Failure?> RefuseRunAsync(string? run, CancellationToken ct) =>
        run is null || (RunId.TryParse(run, CultureInfo.InvariantCulture, out var id) && id != default && await runs.ExistsAsync(id, ct)) ? null : new Failure.Invalid("run", $"There is no run '{run}'.");

    private async Task<Failure?> RefuseVersionAsync(Trigger trigger, int? version, CancellationToken ct)
    {
        if (version is not { } number)
        {
            return null;
        }
        if (trigger.Model == 0)
        {
            return new Failure.Invalid("modelVersion", "The trigger is of no model.");
        }
        return await targets.FindModelAsync(trigger.Model, ct) is { } model && model.Has(number) && number != trigger.Version
            ? null : new Failure.Invalid("modelVersion", string.Create(CultureInfo.InvariantCulture, $"The number of another version of model '{trigger.ModelName}' is expected."));
    }

    private static IEnumerable<string> Conditions(TriggerFilter filter)
    {
        if (filter.Model is { } model)
        {
            yield return TableClient.CreateQueryFilter($"model eq {model}");
        }
        if (filter.Version is { } version)
        {
            yield return TableClient.CreateQueryFilter($"(version eq {version} or became eq {version})");
        }
        if (filter.Rule is { } rule)
        {
            yield return TableClient.CreateQueryFilter($"rule eq {rule}");
        }
        if (filter.Status is { } status)
        {
            yield return TableClient.CreateQueryFilter($"status eq {(int)status}");
        }
        if (filter.IsUndelivered)
        {
            yield return TableClient.CreateQueryFilter($"undelivered eq {true}");
        }
    }
}
