using System.Collections.Immutable;
using Azure.Data.Tables;

namespace ServerlessMeta.Audit;

/// <summary>Verifies one object as storage has it: its rows, its entries, the same by time, and its data.</summary>
internal static class ObjectCheck
{
    private const int AtOnce = 16;
    private const int Readings = 20;

    public static async Task<(AuditedState State, ImmutableArray<AuditFinding> Findings)> RunAsync(AuditSource source, AuditedObject one, SealedHeads known, CancellationToken ct)
    {
        var (state, byTime, isTorn) = await ReadAsync(source, one, ct);
        if (isTorn)
        {
            // It is written so often that it was never read whole: nothing is said of it rather than what is false.
            return (state, []);
        }
        var findings = ChainCheck.Check(state, known.Find(source.Kind, one.Partition.Partition, one.Key)).ToList();
        foreach (var commit in state.Commits.OrderBy(static commit => commit.First))
        {
            if (ByTimeKey(one.Key, commit) is not { } rowKey)
            {
                continue;
            }
            if (byTime.GetValueOrDefault(commit.First) is not { } copy)
            {
                findings.Add(new AuditFinding(state.Name, AuditFault.ByTimeRemoved, $"Entry {commit.First} is not among the entries by time.", commit.First, rowKey));
            }
            else if (!copy.IsSameAs(commit))
            {
                findings.Add(new AuditFinding(state.Name, AuditFault.ByTimeChanged, $"Entry {commit.First} by time is not that of the chain.", commit.First, rowKey));
            }
            else if (commit.Last == state.Head.Number && findings.FindIndex(found => found.Fault is AuditFault.EntryChanged && found.Entry == commit.Last) is >= 0 and var doubted)
            {
                findings[doubted] = new AuditFinding(state.Name, AuditFault.HeadChanged, $"The head of the chain does not name entry {commit.Last}, of which both copies agree.", commit.Last, state.Home);
            }
        }
        if (findings.Count == 0 && source.CheckData is { } check && state.Home is { } home && state.Entries > 0 && await check(one with { Home = home }, [.. state.Read()], ct) is { } wrong)
        {
            findings.Add(new AuditFinding(state.Name, AuditFault.DataChanged, wrong));
        }
        return (state, [.. findings]);
    }

    /// <summary>The key by time of entries that were committed together; null when they cannot be read.</summary>
    public static string? ByTimeKey(string objectKey, AuditCommit commit) =>
        commit.Entries is [.., { } last] ? AuditKeys.ByTime(last.At, objectKey, commit.First) : null;

    public static async Task<List<TableEntity>> ToListAsync(IAsyncEnumerable<TableEntity> rows, CancellationToken ct)
    {
        var list = new List<TableEntity>();
        await foreach (var row in rows.WithCancellation(ct))
        {
            list.Add(row);
        }
        return list;
    }

    /// <summary>An object with its entries, as between two changes; the entries by time, by the number of the first; and whether it was written each time while it was read.</summary>
    public static async Task<(AuditedState State, Dictionary<long, AuditCommit> ByTime, bool IsTorn)> ReadAsync(AuditSource source, AuditedObject one, CancellationToken ct)
    {
        for (var reading = 1; ; reading++)
        {
            var rows = new List<TableEntity>();
            foreach (var found in await Task.WhenAll(source.RangesOf(one).Select(range => ToListAsync(one.Partition.QueryAsync(range, source.Columns, 1000, ct), ct))))
            {
                rows.AddRange(found.Where(row => source.Holds(row.RowKey) && source.TryObjectOf(row.RowKey, out var key) && key == one.Key));
            }
            var state = AuditedState.Of(source, one.Key, rows, await ToListAsync(one.Partition.QueryAsync(AuditKeys.Entries(one.Key), null, 1000, ct), ct));
            // Every change moves the head. Entries up to where it is now are honest; those that came after the rows were read are left to the next verification.
            var now = await one.Partition.FindAsync(state.Home ?? one.Home, ["RowKey", .. AuditHead.Columns], ct);
            var head = now is null ? AuditHead.None : AuditHead.TryOf(now) ?? AuditHead.None;
            var isSame = (now is null) == (state.Home is null) && head.Number == state.Head.Number && head.Hash.AsSpan().SequenceEqual(state.Head.Hash);
            if (isSame || rows.Count <= 1 || reading == Readings)
            {
                state = state with { Commits = state.Commits.RemoveAll(commit => commit.First > state.Head.Number && commit.Last <= head.Number) };
                return (state, await ReadByTimeAsync(one, state, ct), !isSame && rows.Count > 1);
            }
        }
    }

    private static async Task<Dictionary<long, AuditCommit>> ReadByTimeAsync(AuditedObject one, AuditedState state, CancellationToken ct)
    {
        var found = new Dictionary<long, AuditCommit>();
        foreach (var some in state.Commits.Chunk(AtOnce))
        {
            foreach (var row in await Task.WhenAll(some.Select(commit => ByTimeKey(one.Key, commit)).OfType<string>().Select(rowKey => one.Partition.FindAsync(rowKey, null, ct))))
            {
                if (row is not null)
                {
                    var commit = AuditCommit.Of(row);
                    found[commit.First] = commit;
                }
            }
        }
        return found;
    }
}
