using System.Collections.Immutable;
using System.Security.Cryptography;
using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Triggers;

/// <summary>
/// The state machine of a rule. A window of which too little is known is skipped and keeps the state. M hits among the last N counted windows begin to fire, also before there are N; N windows in a
/// row without a hit end it, where a hit is judged by the threshold to leave. One trigger for each beginning, which waits while something holds it back. Pure: all that it knows is handed to it.
/// </summary>
internal static class RuleEvaluator
{
    /// <summary>So far behind the last anomaly that was told of others may still come.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);
    private const int MostSeen = 500;

    /// <summary>Counts a window.</summary>
    /// <param name="before">What became of it before; null: it was never looked at.</param>
    public static RuleStep Count(RuleDefinition rule, RuleIdentity identity, RuleState state, WindowReading reading, EvaluatedWindow? before)
    {
        var (next, edges) = Follow(rule, identity, state);
        next = next with
        {
            Labelled = Math.Max(0, next.Labelled + reading.Labelled - (before?.Version == identity.Version ? before.Labelled : 0)),
            BaselineRows = reading.BaselineRows > 0 ? reading.BaselineRows : next.BaselineRows,
        };
        if ((next.IsFiring ? reading.Stays : reading.Enters) is not { } hit)
        {
            return new RuleStep(next with { Unknown = reading.Reason }, edges, before?.Outcome ?? WindowOutcome.Skipped);
        }
        next = next with { Unknown = null };
        var isKnown = before is { Outcome: not WindowOutcome.Skipped } && before.Version == identity.Version;
        if (isKnown && before!.Outcome is not WindowOutcome.Counted)
        {
            return new RuleStep(next, edges, before.Outcome);
        }
        if (!isKnown && next.Grace > 0)
        {
            return new RuleStep(next with { Grace = next.Grace - 1 }, edges, WindowOutcome.Grace);
        }
        var counted = new CountedWindow(reading.Window, reading.Start, reading.End, hit, reading.EntersIfDue is true);
        var place = next.Counted.ToList().FindIndex(other => other.Window == reading.Window);
        if (place >= 0)
        {
            // It was counted and came anew, with late data or labels: it counts once, as it is now.
            next = next with { Counted = next.Counted.SetItem(place, counted) };
        }
        else if (isKnown || (next.Counted.Length >= rule.Aggregate.N && reading.End <= next.Counted[0].End))
        {
            return new RuleStep(next, edges, isKnown ? WindowOutcome.Counted : WindowOutcome.Late);
        }
        else
        {
            next = next with { Counted = Insert(next.Counted, counted, rule.Aggregate.N) };
        }
        next = Turn(rule, identity, next, reading, place < 0, edges, out edges);
        return new RuleStep(next.IsFiring ? Repeat(rule, identity, next, next.Counted[^1].End, isTimed: false) : next, edges, WindowOutcome.Counted);
    }

    /// <summary>Looks at what is not of windows.</summary>
    public static RuleStep Tick(RuleDefinition rule, RuleIdentity identity, RuleState state, TimeFacts facts)
    {
        var (next, edges) = Follow(rule, identity, state);
        var schedules = rule.When.Conditions.Where(static condition => condition.Signal is RuleSignal.Schedule).Select(facts.OccurrenceOf).OfType<DateTimeOffset>().ToList();
        var level = Holds(isMoment: false);
        var isMoment = !level && (Holds(isMoment: true) || (schedules.Count > 0 && next.Counted.Count(static window => window.HitIfDue) >= rule.Aggregate.M));
        if (isMoment || (level && !next.TimedHolds))
        {
            var edge = schedules.Count > 0 ? schedules.Max() : isMoment ? facts.Now : facts.Since ?? DateTimeOffset.UnixEpoch;
            // What is pending already is asked for once; by time too, so that it is not dropped when the drift ends.
            next = next.Pending is { } pending ? next with { Pending = pending with { IsTimed = true } }
                : next with { Sequence = next.Sequence + 1, Pending = identity.Decide(edge, next.Sequence + 1, isTimed: true) };
            next = See(next, facts.Anomalies);
        }
        next = next with { TimedHolds = level, ScheduledUntil = schedules.Count > 0 ? facts.Now : next.ScheduledUntil };
        return new RuleStep(next.TimedHolds ? Repeat(rule, identity, next, facts.Now, isTimed: true) : next, edges);

        // Windows are not asked: those that matter have been counted. What they would say may be either.
        bool Holds(bool isMoment) => RuleTree.Holds(rule.When, (condition, stays) => condition.Signal switch
        {
            RuleSignal.Schedule or RuleSignal.RunAnomaly when !isMoment => false,
            _ when condition.IsOfWindows => null,
            _ => facts.Read(condition, isOfWindow: false).Hit(stays),
        }, stays: false, isFinal: false) is true;
    }

    /// <summary>When what is pending counts as fired: by the end of the last window that counts, so that a replay agrees; what is asked for by time, and whatever would be ahead of it, by the clock.</summary>
    public static DateTimeOffset AtOf(RuleState state, DateTimeOffset now) =>
        state.Pending is { IsTimed: false } pending && (state.Counted.IsEmpty ? pending.Edge : state.Counted[^1].End) is var end && end < now ? end : now;

    /// <summary>What holds a pending trigger back; null: nothing, so it fires.</summary>
    /// <param name="at">The end of the window, or the moment.</param>
    /// <param name="now">The clock.</param>
    /// <param name="floor">The least time between two triggers by the clock, however old their windows are.</param>
    public static string? HeldBy(RuleDefinition rule, RuleState state, Flight flight, DateTimeOffset at, DateTimeOffset now, TimeSpan floor)
    {
        var aggregate = rule.Aggregate;
        return flight.IsUnderWay(now) ? "retraining"
            : aggregate.Cooldown > TimeSpan.Zero && flight.LastFire is { } last && at - last < aggregate.Cooldown ? "cooldown"
            : flight.LastFireAt is { } lastAt && now >= lastAt && now - lastAt < floor ? "floor"
            : aggregate.MaxPerDay is { } most && state.Fires.Count(fire => fire > at - TimeSpan.FromDays(1) && fire <= at) >= most ? "maxPerDay"
            : RuleClock.Names(aggregate.Quiet, aggregate.TimeZone, now) ? "quiet"
            : null;
    }

    /// <summary>The state and the flight after what was pending fired.</summary>
    public static (RuleState State, Flight Flight) Fire(RuleDefinition rule, RuleState state, Flight flight, DateTimeOffset at, DateTimeOffset now) =>
    (
        state with
        {
            Pending = null,
            HeldBy = null,
            LastFire = state.LastFire > at && state.LastFire <= now ? state.LastFire : at,
            Fires = [.. state.Fires.Where(fire => fire > at - TimeSpan.FromDays(1)).TakeLast(100), at],
            // New data for a monitor, which has no version, is what came since.
            Labelled = rule.Target is RuleTarget.OfMonitor ? 0 : state.Labelled,
            TimedHolds = rule.Target is not RuleTarget.OfMonitor && state.TimedHolds,
        },
        flight with { LastFire = flight.LastFire > at && flight.LastFire <= now ? flight.LastFire : at, LastFireAt = now }
    );

    /// <summary>Names what the windows of a rule are judged by.</summary>
    public static string JudgementOf(RuleDefinition rule) => Convert.ToHexStringLower(SHA256.HashData(RuleText.WriteJudgement(rule)))[..16];

    // Another version, or another judgement, and what was counted counts no more.
    private static (RuleState State, ImmutableArray<RuleEdge> Edges) Follow(RuleDefinition rule, RuleIdentity identity, RuleState state)
    {
        var judgement = JudgementOf(rule);
        if (state.Version == identity.Version && state.Judgement == judgement)
        {
            return (state, []);
        }
        var isNewVersion = state.Version != identity.Version && state.Version != 0;
        return (
            state with
            {
                Judgement = judgement,
                Version = identity.Version,
                IsFiring = false,
                Counted = [],
                Pending = null,
                HeldBy = null,
                Edge = null,
                Grace = isNewVersion ? rule.Aggregate.GraceWindows : state.Version == identity.Version ? state.Grace : 0,
                Labelled = state.Version == identity.Version ? state.Labelled : 0,
                BaselineRows = state.Version == identity.Version ? state.BaselineRows : 0,
                TimedHolds = false,
            },
            state is { IsFiring: true, Edge: { } edge } ? [new RuleEdge(false, edge.Decision)] : []);
    }

    private static RuleState Turn(RuleDefinition rule, RuleIdentity identity, RuleState state, WindowReading reading, bool isNew, ImmutableArray<RuleEdge> before, out ImmutableArray<RuleEdge> edges)
    {
        edges = before;
        var hits = state.Counted.Count(static window => window.Hit);
        if (!state.IsFiring && hits >= rule.Aggregate.M)
        {
            var edge = identity.Decide(reading.Start, state.Sequence + 1, isTimed: false);
            edges = edges.Add(new RuleEdge(true, edge.Decision));
            return state with { IsFiring = true, Sequence = state.Sequence + 1, Edge = edge, Pending = edge };
        }
        // A window that came anew ends nothing: what ends is a stretch of windows.
        if (state.IsFiring && hits == 0 && state.Counted.Length == rule.Aggregate.N && isNew)
        {
            edges = state.Edge is { } begun ? edges.Add(new RuleEdge(false, begun.Decision)) : edges;
            return state with { IsFiring = false, Counted = [], Edge = null, Pending = state.Pending is { IsTimed: true } ? state.Pending : null, HeldBy = state.Pending is { IsTimed: true } ? state.HeldBy : null };
        }
        return state;
    }

    private static RuleState Repeat(RuleDefinition rule, RuleIdentity identity, RuleState state, DateTimeOffset at, bool isTimed) =>
        state.Pending is null && rule.Aggregate.RepeatAfter is { } again && state.LastFire is { } last && at - last >= again
            ? state with { Sequence = state.Sequence + 1, Pending = identity.Decide(state.Edge?.Edge ?? last, state.Sequence + 1, isTimed) }
            : state;

    // Clocks of instances differ: those of the last minutes are known by themselves, and when there are more than are kept, those up to the last that was dropped by their time.
    private static RuleState See(RuleState state, ImmutableArray<RunAnomaly> anomalies)
    {
        if (anomalies.IsEmpty)
        {
            return state;
        }
        var until = anomalies.Max(static anomaly => anomaly.At) is var last && last > state.AnomaliesUntil ? last : state.AnomaliesUntil;
        var seen = state.AnomaliesSeen.Concat(anomalies.Select(static anomaly => new SeenAnomaly(TimeFacts.NameOf(anomaly), anomaly.At))).Where(one => one.At >= until - Overlap).OrderBy(static one => one.At).ToList();
        return state with
        {
            AnomaliesUntil = until,
            AnomaliesSeen = [.. seen.TakeLast(MostSeen)],
            AnomaliesFloor = seen.Count > MostSeen ? seen[^(MostSeen + 1)].At : state.AnomaliesFloor,
        };
    }

    private static ImmutableArray<CountedWindow> Insert(ImmutableArray<CountedWindow> windows, CountedWindow one, int most)
    {
        var place = windows.Length;
        while (place > 0 && windows[place - 1].End > one.End)
        {
            place--;
        }
        var all = windows.Insert(place, one);
        return all.Length > most ? all.RemoveRange(0, all.Length - most) : all;
    }
}
