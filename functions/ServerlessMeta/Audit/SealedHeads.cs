using System.Collections.Immutable;

namespace ServerlessMeta.Audit;

/// <summary>What the checkpoints say: the newest seal of each chain, and what is wrong with the checkpoints themselves.</summary>
internal sealed class SealedHeads
{
    public ImmutableArray<AuditFinding> Findings { get; init; } = [];

    public IReadOnlyDictionary<string, AuditSeal> Heads { get; init; } = ImmutableDictionary<string, AuditSeal>.Empty;

    public CheckpointsView Checkpoints { get; init; } = new(0, null, null, 0);

    public AuditSeal? Find(string named) => Heads.GetValueOrDefault(named);
}
