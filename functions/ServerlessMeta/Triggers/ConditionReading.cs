using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <summary>What a condition made of a window, or of a moment.</summary>
public sealed record ConditionReading
{
    public required RuleCondition Condition { get; init; }

    /// <summary>What was held against the threshold; null: nothing is known, and <see cref="Reason"/> says why.</summary>
    public double? Value { get; init; }

    /// <summary>How many values it was computed from.</summary>
    public long N { get; init; }

    /// <summary>By the threshold to enter, and the conditions on effect and level.</summary>
    public bool Enters { get; init; }

    /// <summary>By the threshold to leave.</summary>
    public bool Stays { get; init; }

    /// <summary>The columns it was judged by, the worst first, up to ten.</summary>
    public ImmutableArray<CauseColumn> Columns { get; init; } = [];

    public string? Reason { get; init; }

    public bool? Hit(bool stays) => Value is null ? null : stays ? Stays : Enters;

    public static ConditionReading Unknown(RuleCondition condition, string reason, long n = 0) => new() { Condition = condition, Reason = reason, N = n };
}
