using System.Collections.Immutable;

namespace ServerlessMeta.Audit;

/// <summary>The checkpoints that entries were held against.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="At">When the newest was made.</param>
/// <param name="Hash">SHA-256 of the newest: whoever notes it can tell later whether any was taken away.</param>
/// <param name="Unsigned">How many have no signature.</param>
/// <param name="Keys">The ids of the keys that signed the others.</param>
public sealed record CheckpointsView(long Count, DateTimeOffset? At, string? Hash, long Unsigned, ImmutableArray<string> Keys);
