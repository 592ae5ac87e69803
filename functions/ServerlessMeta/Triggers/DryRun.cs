using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Models;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>Runs a rule over the windows that are stored, as if it had been there, and stores nothing. The clock is at the end of each window; retraining is never under way.</summary>
public sealed class DryRun
{
    private const int MostWindows = 5000;
    private const int MostMoments = 2000;
    private static readonly TimeSpan Behind = TimeSpan.FromDays(400);

    private readonly RuleTargets targets;
    private readonly ListResults results;
    private readonly TriggerTable table;

    internal DryRun(RuleTargets targets, ListResults results, TriggerTable table) => (this.targets, this.results, this.table) = (targets, results, table);

    /// <param name="id">The rule's id.</param>
    /// <param name="definition">What it says.</param>
    /// <param name="from">Windows that start before are left out; null: those of the last 400 days are looked at.</param>
    /// <param name="ct">The caller went away.</param>
    public async Task<Result<DryRunView>> RunAsync(string id, RuleDefinition definition, DateTimeOffset? from, CancellationToken ct)
    {
        var resolved = await targets.ResolveAsync(definition.Target, ct);
        if (!resolved.IsOk)
        {
            return resolved.Failure;
        }
        if (definition.Target is RuleTarget.OfExperiment)
        {
            return new Failure.Invalid("target", "A rule on an experiment has no windows to be run over.");
        }
        var model = await targets.FindModelAsync(resolved.Value.Model, ct);
        var version = model is null ? 0 : RuleTargets.VersionOf(definition.Target, model);
        if (model is not null && version == 0)
        {
            return new Failure.Invalid("target.version", "The model has no such version now.");
        }
        var since = model is null ? null : (await targets.FindVersionAsync(model, version, ct))?.CreatedAt;
        var begin = from ?? table.Now - Behind;
        var readings = await ReadAsync(definition, definition.Target is RuleTarget.OfMonitor monitor ? MonitorTarget.Of(monitor.Name) : MonitorTarget.Of(model!.Number, version), begin, ct);
        if (!readings.IsOk)
        {
            return readings.Failure;
        }
        var rule = new Rule { Id = id, Revision = 1, Definition = definition, Target = resolved.Value.Key, Model = resolved.Value.Model, CreatedAt = begin, UpdatedAt = begin, UpdatedBy = "" };
        return new Simulation(rule, version, since).Run(readings.Value, readings.Value.Count > 0 ? readings.Value[0].Start : begin, table.Now);
    }

    // Windows as the rule sees them: small, however many columns they have.
    private async Task<Result<List<WindowReading>>> ReadAsync(RuleDefinition definition, MonitorTarget target, DateTimeOffset from, CancellationToken ct)
    {
        var found = new List<WindowReading>();
        await foreach (var result in results(target, from, ct))
        {
            if (found.Count == MostWindows)
            {
                return new Failure.Invalid("from", string.Create(CultureInfo.InvariantCulture, $"There are more than {MostWindows} windows since then: name a later moment."));
            }
            found.Add(WindowReading.Of(definition, result, new TimeFacts(result.End)));
        }
        return found.OrderBy(static one => one.End).ThenBy(static one => one.Window, StringComparer.Ordinal).ToList();
    }

    private sealed class Simulation(Rule rule, int version, DateTimeOffset? since)
    {
        private readonly ImmutableArray<DryRunFire>.Builder fires = ImmutableArray.CreateBuilder<DryRunFire>();
        private readonly ImmutableArray<DryRunWindow>.Builder windows = ImmutableArray.CreateBuilder<DryRunWindow>();
        private RuleState state = new();
        private Flight flight = Flight.None;
        private DateTimeOffset quietUntil;
        private long labelled;
        private bool isTruncated;

        public DryRunView Run(List<WindowReading> readings, DateTimeOffset begin, DateTimeOffset end)
        {
            state = state with { Version = version, Judgement = RuleEvaluator.JudgementOf(rule.Definition), ScheduledUntil = begin };
            var moments = new SortedSet<DateTimeOffset>();
            foreach (var schedule in rule.Definition.When.Conditions.Where(static condition => condition.Signal is RuleSignal.Schedule))
            {
                var all = RuleClock.AllIn(schedule.Cron!, schedule.TimeZone, begin, end).Take(MostMoments + 1).ToList();
                isTruncated |= all.Count > MostMoments;
                moments.UnionWith(all.Take(MostMoments));
            }
            foreach (var reading in readings)
            {
                Pass(moments, reading.End);
                Count(reading);
                Wait(moments, reading.End);
                if (rule.Definition.IsTimed)
                {
                    Tick(reading.End);
                    Wait(moments, reading.End);
                }
            }
            Pass(moments, end);
            var days = fires.Select(static fire => fire.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mmZ", CultureInfo.InvariantCulture)).ToList();
            var summary = days.Count == 0 ? $"would not have fired in {readings.Count} windows" : $"would have fired on {string.Join(", ", days.Take(50))}{(days.Count > 50 ? $" and {days.Count - 50} times more" : "")}";
            return new DryRunView(isTruncated ? $"{summary}; what came later was too much to be looked at" : summary, version, fires.ToImmutable(), windows.ToImmutable(), isTruncated);
        }

        private void Pass(SortedSet<DateTimeOffset> moments, DateTimeOffset until)
        {
            while (moments.Count > 0 && moments.Min <= until && fires.Count < MostMoments)
            {
                var moment = moments.Min;
                moments.Remove(moment);
                Tick(moment);
                Wait(moments, moment);
            }
            isTruncated |= fires.Count >= MostMoments;
        }

        // What is held back is looked at when it may fire: after the quiet by the clock; after a cooldown or a day by windows, or by the clock what conditions of time asked for.
        private void Wait(SortedSet<DateTimeOffset> moments, DateTimeOffset now)
        {
            DateTimeOffset? until = state switch
            {
                { Pending: null } => null,
                { HeldBy: "quiet" } => quietUntil = quietUntil > now ? quietUntil : RuleClock.EndOf(rule.Definition.Aggregate.Quiet, rule.Definition.Aggregate.TimeZone, now),
                { HeldBy: "cooldown", Pending.IsTimed: true } => flight.LastFire + rule.Definition.Aggregate.Cooldown,
                { HeldBy: "maxPerDay", Pending.IsTimed: true } => state.Fires.Order().ElementAt(Math.Max(0, state.Fires.Length - rule.Definition.Aggregate.MaxPerDay!.Value)).AddDays(1),
                _ => null,
            };
            if (until > now)
            {
                moments.Add(until.Value);
            }
        }

        private void Count(WindowReading reading)
        {
            var facts = Facts(reading.End);
            // Conditions of time are judged by what was known at that window.
            var judged = WindowReading.Judge(rule.Definition, reading, facts);
            var step = RuleEvaluator.Count(rule.Definition, rule.Identity(version), state, judged, null);
            labelled += since is { } created && reading.Start >= created ? reading.Labelled : 0;
            Settle(step, reading.End, reading.Window, new FireCause(reading.Baseline, TriggerMaker.CausesOf(judged.Conditions, step.State.IsFiring)), step.Outcome is WindowOutcome.Counted && (step.State.IsFiring ? judged.Stays ?? judged.Enters : judged.Enters) is true);
            windows.Add(new DryRunWindow(
                reading.Window, reading.Start, reading.End, step.Outcome.ToString().ToLowerInvariant(), step.State.IsFiring ? judged.Stays ?? judged.Enters : judged.Enters,
                judged.Conditions.FirstOrDefault(static one => one.Condition.IsOfWindows)?.Value, state.IsFiring ? "firing" : "ok", state.HeldBy, state.Unknown));
        }

        private void Tick(DateTimeOffset at)
        {
            var facts = Facts(at);
            var readings = rule.Definition.When.Conditions.Where(static condition => !condition.IsOfWindows).Distinct().Select(condition => facts.Read(condition, isOfWindow: false)).ToList();
            Settle(RuleEvaluator.Tick(rule.Definition, rule.Identity(version), state, facts), at, null, new FireCause(0, TriggerMaker.CausesOf(readings, wasFiring: false)), null);
        }

        private TimeFacts Facts(DateTimeOffset at) => new(at) { Labelled = version > 0 ? labelled : state.Labelled, BaselineRows = state.BaselineRows, Since = since, ScheduledUntil = state.ScheduledUntil };

        private void Settle(RuleStep step, DateTimeOffset now, string? window, FireCause found, bool? isHit)
        {
            state = TriggerMaker.Note(state, step.State, found, isHit);
            if (state.Pending is not { } pending)
            {
                return;
            }
            var at = RuleEvaluator.AtOf(state, now);
            var held = RuleEvaluator.HeldBy(rule.Definition, state, flight, at, now, TimeSpan.Zero);
            state = state with { HeldBy = held };
            if (held is null)
            {
                fires.Add(new DryRunFire(at, window, (pending.Found ?? found).Causes));
                (state, flight) = RuleEvaluator.Fire(rule.Definition, state, flight, at, now);
            }
        }
    }
}
