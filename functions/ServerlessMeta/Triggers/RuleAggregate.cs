using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <summary>How conditions of windows become a trigger, and how often there may be one.</summary>
public sealed record RuleAggregate
{
    /// <summary>So many of the last <see cref="N"/> counted windows must hit.</summary>
    public int M { get; init; } = 1;

    public int N { get; init; } = 1;

    /// <summary>From the last trigger of the same target and actions, by the end of the windows.</summary>
    public TimeSpan Cooldown { get; init; }

    /// <summary>In any 24 hours; null: any number.</summary>
    public int? MaxPerDay { get; init; }

    /// <summary>Cron expressions of five fields: in a minute that one of them names nothing fires, but waits.</summary>
    public ImmutableArray<string> Quiet { get; init; } = [];

    /// <summary>Of <see cref="Quiet"/>; null: UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>A rule that goes on firing fires again after so long; null: once.</summary>
    public TimeSpan? RepeatAfter { get; init; }

    /// <summary>So many windows of a new version are looked at without being counted.</summary>
    public int GraceWindows { get; init; } = 2;
}
