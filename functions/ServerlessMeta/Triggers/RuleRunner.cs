using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>
/// Runs the state machine of one rule over what storage has, in one transaction: the state under its ETag, that the window was judged, and, when it fires, the claim of the decision, the trigger, what is
/// sent and the audit's entry. Two at once, or one again after a crash: one of them wins, the other finds it done.
/// </summary>
internal sealed class RuleRunner(TriggerTable table, TriggersOptions options)
{
    private sealed record Done(bool IsStale, bool IsSent);

    /// <summary>Judges a window: four operations, six when it fires. One that was judged in this revision is left.</summary>
    /// <returns>Whether something is to be sent; null: the rule was set or deleted since it was read.</returns>
    /// <exception cref="TimeoutException">Others were first for ten seconds: the window is judged again by the next timer.</exception>
    public Task<bool?> CountAsync(Rule rule, RegisteredModel? model, int version, Func<RuleState, WindowReading> read, string window, DateTimeOffset end, int revision, CancellationToken ct) =>
        RunAsync(rule, model, (known, _) =>
        {
            if (known.State.ForgottenUntil >= end || (known.Before is { } before && before.Version == version && before.Revision >= revision))
            {
                return Task.FromResult<RuleTurn?>(null);
            }
            var reading = read(known.State);
            var step = RuleEvaluator.Count(rule.Definition, rule.Identity(version), known.State, reading, known.Before);
            var judged = new EvaluatedWindow(
                reading.Window, reading.Start, reading.End, version, reading.Revision, step.Outcome, step.State.IsFiring ? reading.Stays ?? reading.Enters : reading.Enters,
                reading.Conditions.FirstOrDefault(static one => one.Condition.IsOfWindows)?.Value, reading.Labelled, step.State.IsFiring);
            return Task.FromResult<RuleTurn?>(new RuleTurn(step, reading.End, new FireCause(reading.Baseline, TriggerMaker.CausesOf(reading.Conditions, step.State.IsFiring)), judged));
        }, TriggerKeys.Evaluated(rule.Id, end, window), ct);

    /// <summary>Looks at what is not of windows: a read when nothing changes.</summary>
    /// <returns>Whether something is to be sent; null: the rule was set or deleted since it was read.</returns>
    public Task<bool?> TickAsync(Rule rule, RegisteredModel? model, int version, Func<RuleState, CancellationToken, Task<TimeFacts>> look, CancellationToken ct) =>
        RunAsync(rule, model, async (known, stop) =>
        {
            var facts = await look(known.State, stop);
            var step = RuleEvaluator.Tick(rule.Definition, rule.Identity(version), known.State, facts);
            var conditions = rule.Definition.When.Conditions.Where(static condition => !condition.IsOfWindows).Distinct().Select(condition => facts.Read(condition, isOfWindow: false)).ToList();
            return new RuleTurn(step, facts.Now, new FireCause(0, TriggerMaker.CausesOf(conditions, wasFiring: false)), null);
        }, null, ct);

    /// <summary>Begins anew for a rule whose version is gone: a read when nothing is remembered of one.</summary>
    public Task ForgetAsync(Rule rule, CancellationToken ct) => TriggerTable.RepeatAsync(async () =>
    {
        if (await table.FindAsync(TriggerKeys.State(rule.Id), ct) is not { } row || StateRow.To(row) is not { } state || state.Revision != rule.Revision || state.Version == 0)
        {
            return new Done(false, false);
        }
        var write = WriteId.New();
        return await table.TryCommitAsync(table.Begin().Replace(StateRow.From(rule.Id, state.Anew(table.Now), write), row.ETag), row.RowKey, write) ? new Done(false, false) : null;
    }, ct);

    private async Task<bool?> RunAsync(Rule rule, RegisteredModel? model, Func<RuleMemory, CancellationToken, Task<RuleTurn?>> turn, string? evaluatedKey, CancellationToken ct)
    {
        var done = await TriggerTable.RepeatAsync(async () =>
        {
            var (reading, looking) = (table.FindAsync(TriggerKeys.State(rule.Id), ct), evaluatedKey is null ? null : table.FindAsync(evaluatedKey, ct));
            var before = looking is null ? null : await looking;
            if (await reading is not { } row || StateRow.To(row) is not { } state || state.Revision != rule.Revision)
            {
                return new Done(IsStale: true, false);
            }
            return await turn(new RuleMemory(row, state, before is null ? null : EvaluatedRow.To(before)), ct) is { } next
                ? await CommitAsync(rule, model, row, state, next, ct) : new Done(false, false);
        }, ct);
        return done is null ? throw new TimeoutException($"Rule '{rule.Id}' is being written by too many.") : done.IsStale ? null : done.IsSent;
    }

    // Null: another writer was first.
    private async Task<Done?> CommitAsync(Rule rule, RegisteredModel? model, TableEntity row, RuleState known, RuleTurn turn, CancellationToken ct)
    {
        var (now, write) = (table.Now, WriteId.New());
        var state = TriggerMaker.Note(known, turn.Step.State, turn.Found, turn.Judged is { } looked ? looked is { Outcome: WindowOutcome.Counted, Hit: true } : null);
        var transaction = table.Begin();
        var isSent = false;
        Trigger? fired = null;
        if (state.Pending is { } pending)
        {
            var flightKey = TriggerKeys.Flight(rule.Target, RuleText.WriteActions(rule.Definition));
            var (home, flightRow) = (table.FindAsync(TriggerKeys.Rule(rule.Id), ct), await table.FindAsync(flightKey, ct));
            var flight = FlightRow.To(flightRow);
            var at = RuleEvaluator.AtOf(state, now);
            var held = RuleEvaluator.HeldBy(rule.Definition, state, flight, at, now, TimeSpan.FromSeconds(options.FloorSeconds));
            state = state with { HeldBy = held };
            if (await home is not { } ruleRow)
            {
                return null;
            }
            if (held is null)
            {
                if (await table.FindAsync(TriggerKeys.Place(pending.Decision), ["RowKey"], ct) is not null)
                {
                    // It fired before, and the state was put back behind the store's back: it does not fire twice.
                    state = state with { Pending = null };
                }
                else
                {
                    fired = TriggerMaker.Make(rule, model, state, pending.Decision, pending.Found ?? turn.Found, at, now);
                    (state, flight) = RuleEvaluator.Fire(rule.Definition, state, flight, at, now);
                    Fire(transaction, ruleRow, fired, write, now);
                    var flown = FlightRow.From(flightKey, flight);
                    _ = flightRow is null ? transaction.Add(flown) : transaction.Replace(flown, flightRow.ETag);
                    isSent = fired.Mode is RuleMode.Auto && TriggerOutbox.Add(transaction, fired, TriggerEventKind.Fired, now);
                }
            }
        }
        if (turn.Judged is null && Same(state, known))
        {
            return new Done(false, false);
        }
        foreach (var edge in rule.Definition.Mode is RuleMode.Auto ? turn.Step.Edges : [])
        {
            // What ends by a new version is the drift of the old one.
            var told = TriggerMaker.Make(rule, model, edge.IsBeginning ? state : state with { Version = known.Version }, edge.Decision, turn.Found, turn.At, now);
            isSent |= TriggerOutbox.Add(transaction, told, edge.IsBeginning ? TriggerEventKind.Detected : TriggerEventKind.Recovered, now);
        }
        transaction.Replace(StateRow.From(rule.Id, state, write), row.ETag);
        if (turn.Judged is { } judged)
        {
            transaction.Put(EvaluatedRow.From(rule.Id, judged));
        }
        return await table.TryCommitAsync(transaction, TriggerKeys.State(rule.Id), write) ? new Done(false, isSent) : null;
    }

    private static void Fire(GroupTransaction transaction, TableEntity ruleRow, Trigger trigger, string write, DateTimeOffset now)
    {
        var change = new RuleChange(trigger.Rule, ruleRow, Caller.Store, now);
        change.Put(trigger, null);
        change.Note("trigger.fire", ("trigger", trigger.Id), ("mode", RuleWords.Of(trigger.Mode)), ("version", trigger.Version > 0 ? trigger.Version.ToString(CultureInfo.InvariantCulture) : null));
        change.Also(steps => steps.Add(TriggerRow.Place(trigger)));
        if (trigger.IsAwaited)
        {
            change.Also(steps => steps.Put(TriggerRow.Awaited(trigger, isChanged: false)));
        }
        change.To(transaction, write);
    }

    private static bool Same(RuleState one, RuleState other) => StateRow.From("", one, "") is { } left && StateRow.From("", other, "") is { } right && Audit.RowDigest.Of(left) == Audit.RowDigest.Of(right);
}
