using System.Collections.Immutable;
using System.Text.Json;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Tests.Triggers;

/// <summary>What tests of rules share.</summary>
internal static class Ruling
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static RuleDefinition Rule(string json) => Read(json).Definition ?? throw new InvalidOperationException(string.Join("; ", Read(json).Faults.Select(static fault => $"{fault.Field}: {fault.Detail}")));

    public static (RuleDefinition? Definition, IReadOnlyList<Failure.Invalid> Faults) Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return RuleBody.Read(document.RootElement, "rule");
    }

    /// <summary>A rule on the champion of a model with one condition or tree.</summary>
    public static RuleDefinition On(string when, string aggregate = "{}", string mode = "auto") =>
        Rule($$"""{"target": {"model": "m"}, "when": {{when}}, "aggregate": {{aggregate}}, "mode": "{{mode}}"}""");

    public static MetricResult Metric(string name, double? value, long n = 500, double? p = null, double? reference = null, Verdict verdict = Verdict.None, params string[] flags) => new()
    {
        Metric = name, Status = value is null ? MetricStatus.EmptyWindow : MetricStatus.Ok, Value = value, P = p, Method = "exact", CurrentCount = n, ReferenceCount = 1000, Reference = reference, Verdict = verdict, Flags = [.. flags],
    };

    public static ColumnResult Column(string name, ColumnRole role, Verdict verdict, params MetricResult[] metrics) =>
        new() { Column = name, Role = role, Kind = ColumnKind.Numeric, Status = MetricStatus.Ok, Verdict = verdict, DecidedBy = metrics.FirstOrDefault()?.Metric, Metrics = [.. metrics] };

    public static WindowResult Window(int day, params ColumnResult[] columns) => new()
    {
        Window = $"w{day:d3}", Start = Start.AddDays(day), End = Start.AddDays(day + 1), Revision = 1, ComputedAt = Start.AddDays(day + 1), Baseline = 1, State = WindowState.Closed, Rows = 500, Columns = [.. columns],
    };

    /// <summary>A window whose one feature has a PSI.</summary>
    public static WindowResult Psi(int day, double? psi, long n = 500) => Window(day, Column("x", ColumnRole.Feature, Verdict.None, Metric("psi", psi, n)));

    public static RuleIdentity Identity(int version = 1, int revision = 1) => new("rule", revision, "1", version);

    public static RuleState Fresh(RuleDefinition rule, int version = 1) => new() { Revision = 1, Version = version, Judgement = RuleEvaluator.JudgementOf(rule), ScheduledUntil = Start };
}

/// <summary>A rule with its memory, and what came of the windows and moments it was given, as the store does it.</summary>
internal sealed class RunningRule(RuleDefinition rule, TimeSpan floor = default)
{
    private readonly Dictionary<string, EvaluatedWindow> seen = new(StringComparer.Ordinal);

    public RuleState State { get; set; } = Ruling.Fresh(rule);

    public Flight Flight { get; set; } = Flight.None;

    public int Version { get; set; } = 1;

    public List<string> Fired { get; } = [];

    public List<RuleEdge> Edges { get; } = [];

    /// <summary>Why it fired last.</summary>
    public FireCause? Found { get; private set; }

    /// <returns>Whether it fired, and the state with a star for a window that was skipped.</returns>
    public (bool Fired, string State) On(WindowResult result, DateTimeOffset? now = null)
    {
        var facts = new TimeFacts(now ?? result.End) { Labelled = State.Labelled, BaselineRows = State.BaselineRows, Since = Ruling.Start };
        var reading = WindowReading.Of(rule, result, facts);
        var step = RuleEvaluator.Count(rule, Ruling.Identity(Version), State, reading, seen.GetValueOrDefault(result.Window));
        seen[result.Window] = new EvaluatedWindow(result.Window, result.Start, result.End, Version, result.Revision, step.Outcome, reading.Enters, null, result.Labelled, step.State.IsFiring);
        return (Settle(step, new FireCause(result.Baseline, TriggerMaker.CausesOf(reading.Conditions, step.State.IsFiring)), step.Outcome is WindowOutcome.Counted && reading.Enters is true, now ?? result.End), (State.IsFiring ? "firing" : "ok") + (step.Outcome is WindowOutcome.Counted ? "" : "*"));
    }

    public bool Tick(DateTimeOffset now, TimeFacts? facts = null) =>
        Settle(RuleEvaluator.Tick(rule, Ruling.Identity(Version), State, (facts ?? new TimeFacts(now) { Labelled = State.Labelled, BaselineRows = State.BaselineRows, Since = Ruling.Start }) with { ScheduledUntil = State.ScheduledUntil }), new FireCause(0, []), null, now);

    private bool Settle(RuleStep step, FireCause found, bool? isHit, DateTimeOffset now)
    {
        State = TriggerMaker.Note(State, step.State, found, isHit);
        Edges.AddRange(step.Edges);
        if (State.Pending is not { } pending)
        {
            return false;
        }
        var at = RuleEvaluator.AtOf(State, now);
        if (RuleEvaluator.HeldBy(rule, State, Flight, at, now, floor) is { } held)
        {
            State = State with { HeldBy = held };
            return false;
        }
        Fired.Add(pending.Decision);
        Found = pending.Found;
        (State, Flight) = RuleEvaluator.Fire(rule, State, Flight, at, now);
        return true;
    }
}
