using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Audit;

/// <summary>
/// What the sealing remembers from one checkpoint to the next: only a shortcut, for all of it can be made anew from the checkpoints and the chains, at worst sealing again
/// what is sealed.
/// </summary>
/// <param name="Checkpoint">The number of the newest checkpoint.</param>
/// <param name="Hash">SHA-256 of its line.</param>
/// <param name="Position">Where its blob ended then.</param>
/// <param name="Sealed">The length that each chain was sealed with; runs that rest are left out.</param>
/// <param name="Cursors">Up to where the logs of partitions were read.</param>
[method: JsonConstructor]
internal sealed record SealState(long Checkpoint, string Hash, long Position, ImmutableSortedDictionary<string, long> Sealed, ImmutableSortedDictionary<string, long> Cursors)
{
    public static SealState None { get; } = new(0, AuditEntry.NoPrevious, 0, ImmutableSortedDictionary<string, long>.Empty, ImmutableSortedDictionary<string, long>.Empty);
}
