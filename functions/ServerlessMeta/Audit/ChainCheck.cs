using System.Collections.Immutable;

namespace ServerlessMeta.Audit;

/// <summary>
/// The laws of one object's chain: numbers without gaps, each entry what the next one names, the last what the head names, and each row as its last entry left it.
/// Pure: it sees what was read, wherever from.
/// </summary>
internal sealed class ChainCheck
{
    private readonly string name;
    private readonly AuditHead head;
    private readonly SortedDictionary<long, List<Entry>> entries = [];
    private readonly HashSet<long> doubtful = [];
    private readonly List<AuditFinding> findings = [];

    private ChainCheck(string name, AuditHead head, IEnumerable<AuditCommit> commits)
    {
        (this.name, this.head) = (name, head);
        foreach (var commit in commits)
        {
            for (var i = 0; i < commit.Lines.Count; i++)
            {
                var number = commit.First + i;
                if (!entries.TryGetValue(number, out var same))
                {
                    entries[number] = same = [];
                }
                same.Add(new Entry(commit.Entries[i], AuditEntry.HexOf(commit.Lines[i].Span)));
            }
        }
    }

    private sealed record Entry(AuditEntry? Said, string Hash);

    /// <summary>Everything that is wrong with an object.</summary>
    public static ImmutableArray<AuditFinding> Check(AuditedState state, ImmutableArray<AuditSeal> seals)
    {
        if (state.IsUnaudited && seals.Length == 0 && (state.Home is not null || state.Digests.Count == 0))
        {
            return [];
        }
        var check = new ChainCheck(state.Name, state.Head, state.Commits);
        var whole = check.Chain();
        check.Sealed(seals);
        check.Rows(state, whole);
        return [.. check.findings];
    }

    private long Last => entries.Count == 0 ? 0 : entries.Keys.Last();

    // Whether the chain is whole up to its head, so that the rows can be held against it.
    private bool Chain()
    {
        var last = Last;
        if (last < head.Number)
        {
            Find(AuditFault.TailCut, $"The chain has {head.Number} entries by its head, but ends at {last}.", last + 1);
        }
        if (last > head.Number)
        {
            // A head that was set back names an entry of the chain, which goes on from there.
            var goesOn = head.Number == 0 || (Only(head.Number) is { } ended && ended.Hash == Convert.ToHexStringLower(head.Hash) && Only(head.Number + 1)?.Said?.Previous == ended.Hash);
            doubtful.UnionWith(entries.Keys.Where(number => number > head.Number));
            Find(goesOn ? AuditFault.HeadChanged : AuditFault.EntryInserted, $"The head of the chain names entry {head.Number}, but there are entries up to {last}.", goesOn ? head.Number : last);
        }
        for (long number = 1, end = Math.Min(last, Math.Max(head.Number, 1)); number <= end; number++)
        {
            if (entries.ContainsKey(number))
            {
                continue;
            }
            var from = number;
            while (number < end && !entries.ContainsKey(number + 1))
            {
                number++;
            }
            Find(AuditFault.EntryRemoved, from == number ? $"Entry {from} is gone." : $"Entries {from} to {number} are gone.", from);
        }
        var named = last > head.Number ? null : head.Number == last && last > 0 ? Convert.ToHexStringLower(head.Hash) : null;
        foreach (var (number, same) in entries.Reverse())
        {
            named = Links(number, same, named);
        }
        return last == head.Number;
    }

    // Holds the entries of a number against what names them, and returns what they name: the entry before.
    private string? Links(long number, List<Entry> same, string? named)
    {
        var good = same.Find(one => one.Hash == named) ?? (same.Count == 1 || named is null ? same[0] : null);
        foreach (var other in same.Where(other => !ReferenceEquals(other, good)))
        {
            Find(AuditFault.EntryInserted, $"There is more than one entry {number}, and the chain names another.", number);
        }
        if (good is null)
        {
            return null;
        }
        same.RemoveAll(other => !ReferenceEquals(other, good));
        if (good.Said is null || good.Said.Number != number || good.Said.Object != name || (number == 1 && good.Said.Previous != AuditEntry.NoPrevious))
        {
            Find(AuditFault.EntryChanged, $"Entry {number} is not what the store writes.", number);
            doubtful.Add(number);
            return null;
        }
        if (named is not null && good.Hash != named)
        {
            Find(AuditFault.EntryChanged, $"Entry {number} has not the hash that {(number == head.Number ? "the head of the chain" : $"entry {number + 1}")} names.", number);
            // What it names itself may have been changed as well.
            doubtful.Add(number);
            return null;
        }
        return entries.ContainsKey(number - 1) ? good.Said.Previous : null;
    }

    // The first seal that does not hold tells since when.
    private void Sealed(ImmutableArray<AuditSeal> seals)
    {
        foreach (var seal in seals.OrderBy(static seal => seal.Checkpoint))
        {
            if (Last < seal.Number)
            {
                Find(AuditFault.ShorterThanSealed, $"Checkpoint {seal.Checkpoint} sealed {seal.Number} entries, but the chain ends at {Last}.", seal.Number);
                return;
            }
            if (Only(seal.Number) is { } entry && entry.Hash != seal.Hash)
            {
                Find(AuditFault.Rewritten, $"Entry {seal.Number} has another hash than checkpoint {seal.Checkpoint} sealed: the chain was written anew since.", seal.Number);
                return;
            }
        }
    }

    // What each row is after all entries. A row changed without an entry shows in the next entry, which tells what it found.
    private (Dictionary<string, string?> Rows, bool FromStart) Replay()
    {
        var rows = new Dictionary<string, string?>(StringComparer.Ordinal);
        var fromStart = true;
        long before = 0;
        foreach (var (number, same) in entries)
        {
            var said = doubtful.Contains(number) || same.Count != 1 ? null : same[0].Said;
            if (said is null || number != before + 1)
            {
                // What stood here is unknown, and so what it left.
                rows.Clear();
                fromStart = false;
            }
            before = number;
            foreach (var change in said?.Rows ?? [])
            {
                if (rows.TryGetValue(change.RowKey, out var left) && left != change.Before)
                {
                    Find(AuditFault.RowChanged, $"Before entry {number} row '{change.RowKey}' was changed without an entry.", number, change.RowKey);
                }
                else if (number == 1 && change.Before is not null)
                {
                    // The object is older than its chain: rows that no entry names may be as old.
                    fromStart = false;
                }
                rows[change.RowKey] = change.After;
            }
        }
        return (rows, fromStart);
    }

    private void Rows(AuditedState state, bool whole)
    {
        var (rows, fromStart) = Replay();
        if (state.Home is null && rows.Any(static row => row.Value is not null))
        {
            Find(AuditFault.ObjectRemoved, "The object's own row is gone, and with it the head of its chain.");
            return;
        }
        if (!whole)
        {
            // What the entries that are gone did to the rows is not known.
            return;
        }
        foreach (var (row, after) in rows)
        {
            var now = state.Digests.GetValueOrDefault(row);
            if (now == after)
            {
                continue;
            }
            var (fault, words) = now is null ? (AuditFault.RowRemoved, "is gone without an entry")
                : after is null ? (AuditFault.RowInserted, "is there again without an entry")
                : (AuditFault.RowChanged, "is not as its last entry left it");
            Find(fault, $"Row '{row}' {words}.", null, row);
        }
        foreach (var row in state.Digests.Keys.Where(row => fromStart && !rows.ContainsKey(row)).Order(StringComparer.Ordinal))
        {
            Find(AuditFault.RowInserted, $"No entry made row '{row}'.", null, row);
        }
    }

    private Entry? Only(long number) => entries.TryGetValue(number, out var same) && same.Count == 1 ? same[0] : null;

    private void Find(AuditFault fault, string detail, long? entry = null, string? row = null) => findings.Add(new AuditFinding(name, fault, detail, entry, row));
}
