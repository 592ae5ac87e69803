using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <summary>What a rule remembers.</summary>
internal sealed record RuleState
{
    /// <summary>The rule's revision that was last set: whoever read an older rule reads it again.</summary>
    public int Revision { get; init; }

    /// <summary>Names what the counted windows were judged by.</summary>
    public string Judgement { get; init; } = "";

    /// <summary>The version that is watched; 0: none yet, or no model.</summary>
    public int Version { get; init; }

    public bool IsFiring { get; init; }

    /// <summary>Why nothing was known of the window that was looked at last; null: something was.</summary>
    public string? Unknown { get; init; }

    /// <summary>The last windows that count, by their ends.</summary>
    public ImmutableArray<CountedWindow> Counted { get; init; } = [];

    public PendingFire? Pending { get; init; }

    /// <summary>Why what is pending did not fire at the last look.</summary>
    public string? HeldBy { get; init; }

    /// <summary>When the rule last began to fire.</summary>
    public PendingFire? Edge { get; init; }

    /// <summary>How often it began to fire.</summary>
    public int Sequence { get; init; }

    /// <summary>So many windows are still looked at without being counted.</summary>
    public int Grace { get; init; }

    /// <summary>By the end of the window.</summary>
    public DateTimeOffset? LastFire { get; init; }

    /// <summary>The triggers of the last 24 hours, by the ends of their windows.</summary>
    public ImmutableArray<DateTimeOffset> Fires { get; init; } = [];

    /// <summary>Labelled rows of a monitor since the last trigger.</summary>
    public long Labelled { get; init; }

    public long BaselineRows { get; init; }

    /// <summary>Until when schedules were looked at.</summary>
    public DateTimeOffset ScheduledUntil { get; init; }

    /// <summary>Whether conditions of time alone held at the last look.</summary>
    public bool TimedHolds { get; init; }

    /// <summary>The last anomaly of runs that a trigger told of, and the last of those by their names.</summary>
    public DateTimeOffset AnomaliesUntil { get; init; }

    public ImmutableArray<SeenAnomaly> AnomaliesSeen { get; init; } = [];

    /// <summary>Anomalies up to then were told of: more at once than are remembered.</summary>
    public DateTimeOffset AnomaliesFloor { get; init; }

    /// <summary>Windows that ended by then were forgotten: they are not looked at again.</summary>
    public DateTimeOffset ForgottenUntil { get; init; }

    /// <summary>As if the rule were new; what decisions and forgotten windows are known by stays.</summary>
    public RuleState Anew(DateTimeOffset at) => new() { Revision = Revision, Sequence = Sequence, ForgottenUntil = ForgottenUntil, ScheduledUntil = at, AnomaliesUntil = at };
}
