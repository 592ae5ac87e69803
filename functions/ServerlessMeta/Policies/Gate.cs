using System.Collections.Immutable;
using ServerlessMeta.Approvals;

namespace ServerlessMeta.Policies;

/// <summary>What must hold before an alias or a stage gets another version.</summary>
public sealed record Gate
{
    public required GateTarget Target { get; init; }

    public ApprovalCondition? Approvals { get; init; }

    public ImmutableArray<EvaluationCondition> Evaluations { get; init; } = [];

    public ImmutableArray<HolderCondition> NotWorseThanHolder { get; init; } = [];

    public bool NoOpenDriftAlert { get; init; }

    /// <summary>That the version's run can be run again.</summary>
    public bool Reproducible { get; init; }

    /// <summary>That the version's files were verified within so many hours, as they are now; null: they need not be.</summary>
    public int? VerifiedWithinHours { get; init; }

    /// <summary>That version or model have an owner.</summary>
    public bool NeedsOwner { get; init; }

    /// <summary>That version or model have a description.</summary>
    public bool NeedsDescription { get; init; }

    /// <summary>That the alias or stage is not left without a version: it is taken from its holder only by giving it to another.</summary>
    public bool KeepHolder { get; init; }
}
