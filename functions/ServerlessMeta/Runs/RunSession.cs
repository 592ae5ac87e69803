using Azure;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>
/// Writes one run from this instance. Calls that come while a write is under way join the next one (group commit). Each is validated on the state that
/// those before it leave, and fails alone. A caller's disconnect never cancels a commit.
/// </summary>
internal sealed class RunSession(RunId id, StorageClients storage, RunReader reader, bool isWatched, TimeProvider time)
{
    private const int GroupCallers = 64;
    private const int GroupPoints = 20_000;
    private static readonly TimeSpan WidestWindow = TimeSpan.FromMilliseconds(320);
    private static readonly TimeSpan NarrowestWindow = TimeSpan.FromMilliseconds(2);

    private readonly Lock gate = new();
    private readonly Queue<RunIntent> queue = [];

    // Taken, but too much for one write; the next one carries them. Only the thread that drains sees them.
    private readonly List<RunIntent> deferred = [];
    private RunState? state;
    private TimeSpan window;
    private string? lastWrite;
    private bool draining;
    private bool retired;

    /// <summary>What the kept state weighs, in bytes.</summary>
    public int Weight { get; private set; }

    public long LastUsed { get; private set; }

    /// <summary>Whether a run that may be written was here when last seen.</summary>
    public bool IsActive => state?.Info.Stage is LifecycleStage.Active;

    /// <summary>False when the session was retired meanwhile: ask for another.</summary>
    public bool TryEnqueue(RunIntent intent)
    {
        lock (gate)
        {
            if (retired)
            {
                return false;
            }
            queue.Enqueue(intent);
            intent.Receipt?.Enter();
            LastUsed = time.GetTimestamp();
            if (draining)
            {
                return true;
            }
            draining = true;
        }
        // On the caller's thread up to the first wait, which saves a switch; the commit has a tally of its own, and no caller's cancellation reaches it.
        _ = DrainAsync(intent.Receipt?.Lane?.Gone ?? Task.CompletedTask);
        return true;
    }

    public bool TryRetire()
    {
        lock (gate)
        {
            return !draining && (retired = true);
        }
    }

    public void Seed(RunState created)
    {
        state = created;
        Weight = created.Weight;
        LastUsed = time.GetTimestamp();
    }

    private async Task DrainAsync(Task together)
    {
        await together;
        while (true)
        {
            if (window > TimeSpan.Zero)
            {
                await Task.Delay(window * (0.5 + Random.Shared.NextDouble()), time, CancellationToken.None);
            }
            var group = Take();
            if (group.Count == 0)
            {
                return;
            }
            using var spent = StorageMeter.Begin();
            try
            {
                await CommitAsync(group, spent.Tally);
            }
            catch (Exception outage)
            {
                // Nothing is known of the row any more; the callers hear of the outage, and may repeat.
                state = null;
                HoldBack(group);
                Answer(group, intent => intent.Fail(outage, spent.Tally));
            }
        }
    }

    private List<RunIntent> Take()
    {
        if (deferred.Count > 0)
        {
            List<RunIntent> next = [.. deferred];
            deferred.Clear();
            return next;
        }
        lock (gate)
        {
            var group = new List<RunIntent>();
            var points = 0;
            while (group.Count < GroupCallers && queue.TryPeek(out var next) && (group.Count == 0 || points + next.Points <= GroupPoints))
            {
                group.Add(queue.Dequeue());
                points += next.Points;
            }
            draining = group.Count > 0;
            return group;
        }
    }

    private async Task CommitAsync(List<RunIntent> group, StorageTally spent)
    {
        if (group.FindAll(static intent => intent.Receipt?.Lane?.IsHeld is true) is { Count: > 0 } behind)
        {
            group.RemoveAll(behind.Contains);
            Answer(behind, intent => intent.Fail(Busy(), spent));
            if (group.Count == 0)
            {
                return;
            }
        }
        var write = WriteId.New();
        var started = time.GetTimestamp();
        var fresh = false;
        var alone = false;
        var (doubt, met) = (false, (string?)null);
        for (var attempt = 0; ; attempt++)
        {
            if (state is null)
            {
                fresh = true;
                if (await reader.FindRowsAsync(id, null, CancellationToken.None) is not { } rows)
                {
                    Answer(group, intent => intent.Fail(new Failure.NotFound("Run", id.ToString()), spent));
                    return;
                }
                state = new RunState(rows.Row, rows.Beside, isWatched);
                Weight = state.Weight;
                alone = state.Write == lastWrite;
                if (state.Write == write)
                {
                    // Our own write took effect although its answer was lost or said otherwise.
                    Complete(group, spent);
                    return;
                }
                if (doubt && await TrySettleAsync(group, group, met, write, state.Info, spent))
                {
                    return;
                }
                (doubt, met) = (false, null);
            }
            var before = state.Info;
            if (!TryApply(group, spent))
            {
                state = null;
                if (group.Count == 0)
                {
                    return;
                }
                continue;
            }
            if (fresh && group.FindAll(static intent => intent.Failure is not null && intent.Receipt is not null) is { Count: > 0 } refused
                && await TrySettleAsync(group, refused, null, write, before, spent))
            {
                return;
            }
            List<Receipt> messages = [.. group.Where(static intent => intent.Failure is null && !intent.IsRepeated).Select(static intent => intent.Receipt).OfType<Receipt>()];
            var isChanged = state.IsChanged || messages.Count > 0;
            if (!fresh && (!isChanged || group.Exists(static intent => intent.Failure is not null)))
            {
                // Refusals, and answers without a write, are given on what is stored now, not on what this instance remembers.
                state = null;
                continue;
            }
            if (!isChanged)
            {
                Complete(group, spent);
                return;
            }
            var plan = new RunWrite(state, write, time.GetUtcNow(), isNew: false, messages);
            if (!plan.Fits && !TryShorten(group, fresh, spent))
            {
                return;
            }
            if (!plan.Fits)
            {
                state = null;
                continue;
            }
            (var stored, doubt, met) = await SendAsync(plan);
            if (stored)
            {
                // Narrow soon when no one else wrote meanwhile, slowly when others did but lost no race with us.
                window *= alone ? 0.5 : 0.95;
                window = window < NarrowestWindow ? TimeSpan.Zero : window;
                lastWrite = write;
                Complete(group, spent);
                return;
            }
            if (met is not null)
            {
                // Lost to a message that came again, not to another writer.
                continue;
            }
            window = TimeSpan.FromMilliseconds(Math.Clamp(window.TotalMilliseconds * 2, 10, WidestWindow.TotalMilliseconds));
            if (!await BackOff.WaitAsync(time, started, attempt, CancellationToken.None))
            {
                HoldBack(group);
                Answer(group, intent => intent.Fail(Busy(), spent));
                return;
            }
        }
    }

    private Failure.Busy Busy() => new("Run", id.ToString(), TimeSpan.FromSeconds(2));

    // At once: what waits behind them is looked at next.
    private static void HoldBack(List<RunIntent> group) => group.ForEach(static intent => intent.Receipt?.Lane?.Hold());

    // Each fails alone: one that throws leaves the group, and a state that nobody can trust. A message that stands in the group twice is applied once.
    private bool TryApply(List<RunIntent> group, StorageTally spent)
    {
        var applied = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < group.Count; i++)
        {
            var intent = group[i];
            if (intent.Receipt is { } message && applied.Contains(message.RowKey))
            {
                intent.Repeat();
                continue;
            }
            if (intent.Apply(state!) is { } bug)
            {
                group.RemoveAt(i);
                Answer([intent], one => one.Fail(bug, spent));
                return false;
            }
            if (intent is { Failure: null, Receipt: { } done })
            {
                applied.Add(done.RowKey);
            }
        }
        return true;
    }

    // Asks for the receipts of some of the group: whose message was applied before is answered, and leaves it. True when nothing is left to do.
    private async Task<bool> TrySettleAsync(List<RunIntent> group, List<RunIntent> doubted, string? met, string write, RunInfo info, StorageTally spent)
    {
        var asked = doubted.Select(static intent => intent.Receipt?.RowKey).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (asked.Count == 0)
        {
            return false;
        }
        var known = met is not null && group.Count == 1
            ? new Dictionary<string, string?>(StringComparer.Ordinal) { [met] = null }
            : await KnownMessages.FindAsync(storage.Runs, RunKeys.Partition(id), asked, CancellationToken.None);
        if (known.Values.Contains(write, StringComparer.Ordinal))
        {
            // The write was ours, and took effect with all that it carried; another has written the run since.
            state = null;
            Answer(group, intent => intent.Complete(info, spent));
            return true;
        }
        var repeated = group.FindAll(intent => intent.Receipt is { } message && known.ContainsKey(message.RowKey));
        group.RemoveAll(repeated.Contains);
        Answer(repeated, intent => intent.CompleteAsKnown(info, spent));
        return group.Count == 0;
    }

    // Halves a group whose changes do not fit one write together; one alone that does not is refused, on what is stored now.
    private bool TryShorten(List<RunIntent> group, bool fresh, StorageTally spent)
    {
        if (group.Count > 1)
        {
            var half = group.Count / 2;
            deferred.InsertRange(0, group[half..]);
            group.RemoveRange(half, group.Count - half);
            return true;
        }
        if (!fresh)
        {
            return true;
        }
        state = null;
        Answer(group, intent => intent.Fail(new Failure.Invalid("body", "The call changes too much of its run at once; send it in parts."), spent));
        return false;
    }

    private async Task<(bool Stored, bool Doubt, string? Met)> SendAsync(RunWrite plan)
    {
        var sent = state!;
        // Until the answer is in, nothing is known: any way out of here but success drops the state.
        state = null;
        try
        {
            sent.Settle(plan, await plan.SendAsync(storage.Runs, CancellationToken.None));
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
            return (false, lost.Status is 409, plan.ReceiptMet(lost));
        }
        catch (Exception ambiguous) when (Outage.IsAmbiguous(ambiguous))
        {
            // It may have taken effect: the row tells. An outage that lasts fails this read, and so the callers.
            return (false, true, null);
        }
        state = sent;
        Weight = sent.Weight;
        return (true, false, null);
    }

    private void Complete(List<RunIntent> group, StorageTally spent)
    {
        var info = state!.Info;
        // A contended run is read again before its next write: that is one operation less than losing first.
        state = window > TimeSpan.Zero ? null : state;
        Answer(group, intent => intent.Complete(info, spent));
    }

    // A single caller goes on at once on this thread; many go on side by side, and do not hold up the next commit.
    private static void Answer(List<RunIntent> group, Action<RunIntent> answer)
    {
        if (group.Count == 1)
        {
            answer(group[0]);
            return;
        }
        foreach (var intent in group)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static todo => todo.answer(todo.intent), (answer, intent), preferLocal: false);
        }
    }
}
