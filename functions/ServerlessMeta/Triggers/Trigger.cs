using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Triggers;

/// <summary>Something that a rule asked for: why, and what came of it.</summary>
public sealed record Trigger
{
    /// <summary>32 hex digits, the same whoever fires it.</summary>
    public required string Id { get; init; }

    public required string Rule { get; init; }

    public required int RuleRevision { get; init; }

    /// <summary>The rule's mode when it fired.</summary>
    public required RuleMode Mode { get; init; }

    /// <summary>The registered model's number; 0: none.</summary>
    public long Model { get; init; }

    /// <summary>What the model was called.</summary>
    public string? ModelName { get; init; }

    /// <summary>The version that is to be retrained; 0: none.</summary>
    public int Version { get; init; }

    public string? Monitor { get; init; }

    /// <summary>Where runs are looked for that answer it; null: where the version's own run was.</summary>
    public string? Experiment { get; init; }

    /// <summary>By the clock.</summary>
    public required DateTimeOffset FiredAt { get; init; }

    /// <summary>The end of the window at which it fired, or the moment.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The number of the baseline that windows were compared with; 0: none.</summary>
    public int Baseline { get; init; }

    public ImmutableArray<TriggerCause> Cause { get; init; } = [];

    /// <summary>The last windows that count.</summary>
    public ImmutableArray<TriggerWindow> Windows { get; init; } = [];

    /// <summary>Until when no other follows, by the ends of windows; null: the rule has no cooldown.</summary>
    public DateTimeOffset? CooldownUntil { get; init; }

    public ImmutableArray<TriggerAction> Actions { get; init; } = [];

    /// <summary>The key of what shares its cooldown; not shown.</summary>
    public string? Flight { get; init; }

    public required TriggerStatus Status { get; init; }

    public DateTimeOffset? ApprovedAt { get; init; }

    public string? ApprovedBy { get; init; }

    /// <summary>The run that answers it.</summary>
    public string? Run { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The version that came of it; 0: none that is known.</summary>
    public int NewVersion { get; init; }

    public TriggerVerdict? Verdict { get; init; }

    /// <summary>Something of it could not be delivered, and was given up.</summary>
    public bool IsUndelivered { get; init; }

    /// <summary>Nothing came of it for so long that nothing is looked for any more.</summary>
    public bool IsExpired { get; init; }

    /// <summary>Whether more is to be looked for: a run, a version, windows.</summary>
    [JsonIgnore]
    public bool IsAwaited => !IsExpired && (Status is not TriggerStatus.Completed || (Verdict is not { IsFinal: true } && Model > 0));

    /// <summary>Until when more is looked for.</summary>
    [JsonIgnore]
    public DateTimeOffset AwaitedUntil => (CompletedAt ?? StartedAt ?? ApprovedAt ?? FiredAt) + TimeSpan.FromDays(30);
}
