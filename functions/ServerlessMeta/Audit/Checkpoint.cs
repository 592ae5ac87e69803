using System.Collections.Immutable;

namespace ServerlessMeta.Audit;

/// <summary>A checkpoint: the ends of the chains that grew since the one before.</summary>
internal sealed record Checkpoint
{
    /// <summary>From 1, without gaps.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>SHA-256 of the line of the checkpoint before, in hex; zeros for the first.</summary>
    public required string Previous { get; init; }

    /// <summary>Chains by <see cref="NameOf"/>, each with its length and the hash of its last entry.</summary>
    public required ImmutableSortedDictionary<string, (long Number, string Hash)> Heads { get; init; }

    /// <summary>The public key of the signature, and what was signed; null when there is none.</summary>
    public (byte[] Key, byte[] Signed, byte[] Signature)? Signature { get; init; }

    /// <summary>What a chain is called here: kind, partition and key, which tell it apart whatever people call the object.</summary>
    public static string NameOf(string kind, string partition, string key) => $"{kind}:{partition}:{key}";
}
