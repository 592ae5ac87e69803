namespace ServerlessMeta.Audit;

/// <summary>What a checkpoint says of a chain: its length then, and the hash of its last entry.</summary>
/// <param name="Checkpoint">The number of the checkpoint.</param>
/// <param name="Number">The number of the chain's last entry.</param>
/// <param name="Hash">Its SHA-256, in hex.</param>
internal sealed record AuditSeal(long Checkpoint, long Number, string Hash);
