using System.Collections.Immutable;
using ServerlessMeta.Approvals;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Models;
using ServerlessMeta.Reproduction;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.Policies;

/// <summary>What is known of a version when a gate is judged; what its conditions do not ask for may be absent.</summary>
internal sealed record GateFacts
{
    public required RegisteredModel Model { get; init; }

    public required ModelVersion Version { get; init; }

    /// <summary>The moment of the judgement.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What the version is now.</summary>
    public VersionContent? Content { get; init; }

    /// <summary>What was said of it, the last first.</summary>
    public ImmutableArray<Approval> Approvals { get; init; } = [];

    public Measurements Measured { get; init; } = new([]);

    /// <summary>The version that holds the alias or stage now, or when none does, the last that held it under a policy; null: none ever did.</summary>
    public int? Holder { get; init; }

    /// <summary>Whether the holder has lost it, and nobody got it.</summary>
    public bool HasHolderLeft { get; init; }

    public Measurements HolderMeasured { get; init; } = new([]);

    /// <summary>The decision that proves that the version held the alias or stage before, and rightly; null: it did not.</summary>
    public string? HeldBy { get; init; }

    /// <summary>Whether the version's run can be run again; null: it has no run, or the run is gone.</summary>
    public Reproducibility? Reproducibility { get; init; }

    /// <summary>The last verification of its files.</summary>
    public Verification? Verification { get; init; }

    /// <summary>Open alerts of drift; null: nothing watches the version.</summary>
    public IReadOnlyList<string>? Alerts { get; init; }
}
