using System.Collections.Immutable;
using ServerlessMeta.Monitoring;

namespace ServerlessMeta.Triggers;

/// <summary>What a rule made of a window: all that the state machine sees of it.</summary>
internal sealed record WindowReading
{
    public required string Window { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    public required int Revision { get; init; }

    public int Baseline { get; init; }

    public long Labelled { get; init; }

    /// <summary>Rows on the baseline's side; 0: unknown.</summary>
    public long BaselineRows { get; init; }

    /// <summary>No more labels come: what is unknown of it stays so.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether it hits, for a rule that is not firing; null: nothing is known.</summary>
    public bool? Enters { get; init; }

    /// <summary>The same for one that is.</summary>
    public bool? Stays { get; init; }

    /// <summary>Whether it would hit, were it a moment of every schedule in the rule.</summary>
    public bool? EntersIfDue { get; init; }

    public ImmutableArray<ConditionReading> Conditions { get; init; } = [];

    /// <summary>Why nothing is known of it, by the first condition that says so; null: all is known.</summary>
    public string? Reason => Conditions.FirstOrDefault(static one => one.Condition.IsOfWindows && one.Value is null)?.Reason;

    public static WindowReading Of(RuleDefinition rule, WindowResult result, TimeFacts facts) => Judge(rule, new WindowReading
    {
        Window = result.Window,
        Start = result.Start,
        End = result.End,
        Revision = result.Revision,
        Baseline = result.Baseline,
        Labelled = result.Labelled,
        IsFinal = result.State is WindowState.Closed,
        BaselineRows = result.Columns.Select(static column => column.Metrics.Select(static metric => metric.ReferenceCount).DefaultIfEmpty().Max()).DefaultIfEmpty().Max(),
        Conditions = [.. rule.When.Conditions.Distinct().Where(static condition => condition.IsOfWindows).Select(condition => ConditionReader.Read(condition, result))],
    }, facts);

    /// <summary>The same window, with the conditions that are not of windows judged by what is known at a moment.</summary>
    public static WindowReading Judge(RuleDefinition rule, WindowReading reading, TimeFacts facts)
    {
        var readings = reading.Conditions.Where(static one => one.Condition.IsOfWindows).ToDictionary(static one => one.Condition);
        foreach (var condition in rule.When.Conditions.Distinct().Where(static condition => !condition.IsOfWindows))
        {
            readings[condition] = facts.Read(condition, isOfWindow: true);
        }
        return reading with
        {
            Enters = Hits(false),
            Stays = Hits(true),
            EntersIfDue = Holds(false, true, true, true),
            Conditions = [.. rule.When.Conditions.Distinct().Select(condition => readings[condition])],
        };

        // What conditions of time ask for alone, the timer asks for: a window does not ask for it again.
        bool? Hits(bool stays) =>
            Holds(stays, false, true, true) is not true ? Holds(stays, false, true, true)
            : Holds(stays, false, true, false) is true || Holds(stays, false, false, true) is not true ? true
            : reading.IsFinal || readings.Values.All(static one => one.Value is not null) ? false : null;

        bool? Holds(bool stays, bool isDue, bool asksWindows, bool asksTime) =>
            readings.Values.All(static one => !one.Condition.IsOfWindows || one.Value is null) ? null
            : RuleTree.Holds(
                rule.When,
                (condition, isStaying) => (condition.IsOfWindows ? !asksWindows : !asksTime) ? null : condition.Signal is RuleSignal.Schedule ? isDue : readings[condition].Hit(isStaying),
                stays,
                reading.IsFinal && asksWindows && asksTime);
    }
}
