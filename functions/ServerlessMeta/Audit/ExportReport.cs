using System.Collections.Immutable;

namespace ServerlessMeta.Audit;

/// <summary>What the verification of an export found.</summary>
/// <param name="MadeAt">When the export was made, as it says.</param>
/// <param name="IsWhole">Whether it is of all objects of the store, as it says: then no chain that was sealed may lack.</param>
/// <param name="Chains">Objects in it.</param>
/// <param name="Unaudited">Of these, objects without entries: from before the audit.</param>
/// <param name="Entries">Entries in it.</param>
/// <param name="Checkpoints">The checkpoints in it.</param>
/// <param name="Findings">What is wrong; empty when nothing is.</param>
public sealed record ExportReport(string? MadeAt, bool IsWhole, long Chains, long Unaudited, long Entries, CheckpointsView Checkpoints, ImmutableArray<AuditFinding> Findings);
