using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>Changes triggers: the trigger, the wait for more, the retraining under way, the receipt of a message and the entry in the audit of the rule are one transaction, which the rule's row guards.</summary>
internal sealed class TriggerWriter(TriggerTable table)
{
    /// <summary>Changes a trigger, or tells why not. The change is prepared anew while others are first, up to ten seconds.</summary>
    public async Task<Result<Trigger>> ChangeAsync(string id, Func<TriggerEdit, Task<Failure?>> prepare, CancellationToken ct)
    {
        var (by, receipt) = (Caller.Current, Receipt.Open);
        try
        {
            var done = await TriggerTable.RepeatAsync(async () => await TryChangeAsync(id, prepare, by, receipt, ct), ct);
            return done is null ? new Failure.Busy(TriggerStore.Kind, id, TimeSpan.FromSeconds(2)) : done.Result;
        }
        finally
        {
            receipt?.Enter();
        }
    }

    private async Task<Outcome?> TryChangeAsync(string id, Func<TriggerEdit, Task<Failure?>> prepare, Caller by, Receipt? receipt, CancellationToken ct)
    {
        if (!DecisionId.IsId(id) || await table.FindAsync(TriggerKeys.Place(id), ct) is not { } place)
        {
            return new Outcome(new Failure.NotFound(TriggerStore.Kind, id));
        }
        // First the rule's row: every change of a trigger moves the end of the rule's chain, so it guards what is read behind it.
        var key = TriggerRow.KeyIn(place);
        if (await table.FindAsync(TriggerKeys.HomeOf(key), ct) is not { } home || await table.FindAsync(key, ct) is not { } row)
        {
            throw new InvalidDataException($"Trigger '{id}' or its rule is gone.");
        }
        var before = TriggerRow.To(row);
        if (receipt is not null && await receipt.IsInAsync(table.Table, TriggerKeys.Partition, ct))
        {
            receipt.Known();
            return new Outcome(before);
        }
        var change = new RuleChange(before.Rule, home, by, table.Now);
        var edit = new TriggerEdit(before, change.At, by.Name);
        if (await prepare(edit) is { } refused)
        {
            return new Outcome(refused);
        }
        var (write, transaction) = (WriteId.New(), table.Begin());
        if (receipt is not null)
        {
            transaction.Add(receipt.In(TriggerKeys.Partition));
        }
        if (edit.After == before && edit.Steps.Count == 0)
        {
            return receipt is null || await TryReceiveAsync(transaction, receipt) ? new Outcome(before) : null;
        }
        change.Note(edit.Action, [("trigger", id), .. edit.Details]);
        change.Put(edit.After, row);
        await AddAsync(change, edit, ct);
        change.To(transaction, write);
        if (await table.TryCommitAsync(transaction, change.Witness, write))
        {
            receipt?.Carried();
            return new Outcome(edit.After);
        }
        // What was judged without a window that came meanwhile is judged anew by the next timer.
        return edit.Awaited is { } looked && (await table.FindAsync(looked.RowKey, ["RowKey"], ct))?.ETag != looked.ETag ? new Outcome(before) : null;
    }

    // A message that changed nothing is remembered all the same.
    private static async Task<bool> TryReceiveAsync(GroupTransaction transaction, Receipt receipt)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
            receipt.Carried();
            return true;
        }
        catch (RequestFailedException known) when (known.Status is 409)
        {
            return false;
        }
    }

    private async Task AddAsync(RuleChange change, TriggerEdit edit, CancellationToken ct)
    {
        foreach (var step in edit.Steps)
        {
            change.Also(step);
        }
        if (edit is { Fly: { } fly, Before.Flight: { } flight })
        {
            var flown = await table.FindAsync(flight, ct);
            var (old, next) = (FlightRow.To(flown), fly(FlightRow.To(flown)));
            if (next != old)
            {
                var row = FlightRow.From(flight, next);
                change.Also(transaction => _ = flown is null ? transaction.Add(row) : transaction.Replace(row, flown.ETag));
            }
        }
        var (key, isJudged) = (TriggerKeys.Awaited(edit.After.Id), edit.Awaited is not null);
        if (edit.After.IsAwaited)
        {
            // Whatever came of it may be a reason to judge it: only who has just done so says that nothing is new.
            var awaited = TriggerRow.Awaited(edit.After, isChanged: !isJudged);
            change.Also(transaction => _ = edit.Awaited is { } looked ? transaction.Replace(awaited, looked.ETag) : transaction.Put(awaited));
        }
        else if (edit.Awaited is { } looked)
        {
            change.Also(transaction => transaction.Remove(key, looked.ETag));
        }
        else if (await table.FindAsync(key, ct) is { } waiting)
        {
            change.Also(transaction => transaction.Remove(key, waiting.ETag));
        }
    }

    private sealed record Outcome(Result<Trigger> Result);
}
