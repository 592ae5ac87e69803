using System.Collections.Immutable;
using System.Globalization;

namespace ServerlessMeta.Audit;

/// <summary>What the checkpoints say: every seal of each chain, and what is wrong with the checkpoints themselves. Pure: made of lines, wherever from.</summary>
internal sealed class SealedHeads
{
    private const string Name = "checkpoints";
    private readonly Dictionary<string, ImmutableArray<AuditSeal>> heads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> byPartition = new(StringComparer.Ordinal);
    private readonly List<AuditFinding> findings = [];

    public IReadOnlyList<AuditFinding> Findings => findings;

    public CheckpointsView Checkpoints { get; private set; } = new(0, null, null, 0, []);

    /// <summary>The seals of a chain, in the order of the checkpoints: an earlier one may catch what was written anew before a later one.</summary>
    public ImmutableArray<AuditSeal> Find(string kind, string partition, string key) => Find(Checkpoint.NameOf(kind, partition, key));

    /// <param name="name">The chain as <see cref="Checkpoint.NameOf"/> names it.</param>
    public ImmutableArray<AuditSeal> Find(string name) => heads.TryGetValue(name, out var seals) ? seals : [];

    /// <summary>Every chain that was sealed, as <see cref="Checkpoint.NameOf"/> names it, with its seals.</summary>
    public IEnumerable<KeyValuePair<string, ImmutableArray<AuditSeal>>> All => heads;

    /// <summary>Whether there are checkpoints, and none of them is signed.</summary>
    public bool IsUnsigned => Checkpoints.Count > 0 && Checkpoints.Keys.Length == 0;

    /// <summary>The keys of the objects of a partition whose chains were sealed.</summary>
    public IEnumerable<string> In(string kind, string partition) => byPartition.TryGetValue(Checkpoint.NameOf(kind, partition, ""), out var keys) ? keys : [];

    /// <param name="lines">The lines of the checkpoints, the first first.</param>
    /// <param name="trusted">The keys that may have signed them; none: any key will do, and is named.</param>
    /// <param name="last">What the store noted as the newest checkpoint, when it did.</param>
    public static SealedHeads Of(IEnumerable<ReadOnlyMemory<byte>> lines, IReadOnlyDictionary<string, byte[]> trusted, (long Number, string Hash)? last)
    {
        var all = new SealedHeads();
        var (previous, number, at, unsigned) = (AuditEntry.NoPrevious, 0L, (DateTimeOffset?)null, 0L);
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var hash = AuditEntry.HexOf(line.Span);
            var read = CheckpointLine.TryRead(line);
            if (read is null)
            {
                all.Find(AuditFault.CheckpointChanged, $"Checkpoint {number + 1} is not what the store writes.", number + 1);
                (previous, number) = (hash, number + 1);
                continue;
            }
            if (read.Number != number + 1)
            {
                all.Find(AuditFault.CheckpointRemoved, $"Checkpoint {read.Number} follows {number}.", number + 1);
            }
            else if (read.Previous != previous)
            {
                all.Find(AuditFault.CheckpointChanged, number == 0 ? "Checkpoint 1 names one before it." : $"Checkpoint {number} has not the hash that checkpoint {read.Number} names.", Math.Max(number, 1));
            }
            (previous, number, at) = (hash, read.Number, read.At);
            if (all.IsGood(read, trusted, keys))
            {
                all.Add(read);
            }
            unsigned += read.Signature is null ? 1 : 0;
        }
        if (last is { } noted && noted.Number > number)
        {
            all.Find(AuditFault.CheckpointRemoved, $"The store made {noted.Number} checkpoints, but the last is {number}.", number + 1);
        }
        else if (last is { } same && same.Number == number && same.Hash != previous)
        {
            all.Find(AuditFault.CheckpointChanged, $"Checkpoint {number} has not the hash that the store noted.", number);
        }
        if (trusted.Count > 0 && number > 0 && keys.Count == 0)
        {
            // Those before the first that is signed are from before there was a key; so one must be.
            all.Find(AuditFault.CheckpointUntrusted, "Keys are trusted, but no checkpoint is signed.", number);
        }
        all.Checkpoints = new CheckpointsView(number, at, number == 0 ? null : previous, unsigned, [.. keys]);
        return all;
    }

    private void Add(Checkpoint checkpoint)
    {
        foreach (var (name, (number, hash)) in checkpoint.Heads)
        {
            if (!heads.TryGetValue(name, out var before))
            {
                before = [];
                var end = name.LastIndexOf(':') + 1;
                if (!byPartition.TryGetValue(name[..end], out var keys))
                {
                    byPartition[name[..end]] = keys = [];
                }
                keys.Add(name[end..]);
            }
            heads[name] = before.Add(new AuditSeal(checkpoint.Number, number, hash));
        }
    }

    private bool IsGood(Checkpoint checkpoint, IReadOnlyDictionary<string, byte[]> trusted, SortedSet<string> keys)
    {
        if (checkpoint.Signature is not { } signature)
        {
            if (keys.Count > 0)
            {
                Find(AuditFault.CheckpointUntrusted, $"Checkpoint {checkpoint.Number} has no signature, but earlier ones have.", checkpoint.Number);
            }
            return true;
        }
        var id = SealKeys.IdOf(signature.Key);
        if (!SealKeys.Verify(signature.Key, signature.Signed, signature.Signature))
        {
            Find(AuditFault.CheckpointChanged, $"The signature of checkpoint {checkpoint.Number} is not good.", checkpoint.Number);
            return false;
        }
        keys.Add(id);
        if (trusted.Count > 0 && !trusted.ContainsKey(id))
        {
            Find(AuditFault.CheckpointUntrusted, string.Create(CultureInfo.InvariantCulture, $"Checkpoint {checkpoint.Number} is signed by key {id}, which is not trusted."), checkpoint.Number);
            return false;
        }
        return true;
    }

    private void Find(AuditFault fault, string detail, long checkpoint) => findings.Add(new AuditFinding(Name, fault, detail, checkpoint));
}
