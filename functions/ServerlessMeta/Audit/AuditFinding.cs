namespace ServerlessMeta.Audit;

/// <summary>A fault that verification found.</summary>
/// <param name="Object">Kind and id of the object; <c>checkpoints</c> for those.</param>
/// <param name="Fault">What it is.</param>
/// <param name="Detail">In words.</param>
/// <param name="Entry">The number of the entry, or of the checkpoint.</param>
/// <param name="Row">The key of the row.</param>
public sealed record AuditFinding(string Object, AuditFault Fault, string Detail, long? Entry = null, string? Row = null);
