using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;

namespace ServerlessMeta.Audit;

/// <summary>
/// Verifies a partition step by step. What looks wrong is read again alone before it is reported, for writes go on meanwhile. Entries by time are held against those
/// of the chains by a sum over both; only when the sums differ are they looked at one by one.
/// </summary>
internal sealed class PartitionCheck(AuditSource source, AuditedPartition partition, SealedHeads known, VerifyWork work)
{
    private const int ObjectsAtOnce = 500;
    private const int RowsAtOnce = 10_000;
    private const int DoubtfulAtOnce = 1000;
    private const int ReadsAtOnce = 16;
    private const int ReadCosts = 20;

    /// <summary>Does a step and returns where the next is; null at the end of the partition.</summary>
    public Task<VerifyCursor?> StepAsync(VerifyCursor at, CancellationToken ct) => at.Phase switch
    {
        VerifyPhase.Objects => ObjectsAsync(at, ct),
        VerifyPhase.ByTime => ByTimeAsync(at, ct),
        VerifyPhase.ByTimeOneByOne => ByTimeOneByOneAsync(at, ct),
        _ => EntriesOneByOneAsync(at, ct),
    };

    private async Task<VerifyCursor?> ObjectsAsync(VerifyCursor at, CancellationToken ct)
    {
        var (rows, below) = await RowsAsync(at.From, ct);
        var entries = new Dictionary<string, List<TableEntity>>(StringComparer.Ordinal);
        await foreach (var row in partition.QueryAsync(AuditKeys.EntriesBetween(at.From, below), null, 1000, ct))
        {
            work.Spent++;
            if (AuditKeys.IsEntry(row.RowKey))
            {
                ListOf(entries, AuditKeys.ObjectOf(row.RowKey)).Add(row);
            }
            else
            {
                work.Findings.Add(new AuditFinding(source.Kind, AuditFault.EntryInserted, "The row is no entry of any object.", null, row.RowKey));
            }
        }
        var sum = at.Sum;
        foreach (var key in rows.Keys.Union(entries.Keys).Order(StringComparer.Ordinal))
        {
            var own = entries.GetValueOrDefault(key) ?? [];
            var state = AuditedState.Of(source, key, rows.GetValueOrDefault(key) ?? [], own);
            if (state is { IsUnaudited: true, Digests.Count: 0 } && known.Find(state.Name) is null)
            {
                continue;
            }
            sum += SumOf(key, state, at.Until);
            if (ChainCheck.Check(state, known.Find(state.Name)).Length > 0)
            {
                work.Spent += ReadCosts;
                var home = state.Home ?? HomeIn(state) ?? "";
                work.Findings.AddRange((await ObjectCheck.RunAsync(source, new AuditedObject(partition, key, home), known, ct)).Findings);
            }
            (work.Objects, work.Unaudited) = state.IsUnaudited ? (work.Objects, work.Unaudited + 1) : (work.Objects + 1, work.Unaudited);
            work.Entries += state.Entries;
        }
        return below is null ? at with { Phase = VerifyPhase.ByTime, From = "", Sum = sum } : at with { From = below, Sum = sum };
    }

    // The rows of some objects in their order, and the object after them; of kinds without an order all at once.
    private async Task<(Dictionary<string, List<TableEntity>> Rows, string? Below)> RowsAsync(string from, CancellationToken ct)
    {
        var rows = new Dictionary<string, List<TableEntity>>(StringComparer.Ordinal);
        string? below = null;
        foreach (var letter in source.Letters)
        {
            await foreach (var row in partition.QueryAsync(AuditSource.Between(letter, from, below), source.Columns, 1000, ct))
            {
                work.Spent++;
                if (source.ObjectOf(row.RowKey) is not { } key)
                {
                    continue;
                }
                if (source.IsOrdered && letter == source.Letters[0] && rows.Count == ObjectsAtOnce && !rows.ContainsKey(key))
                {
                    below = key;
                    break;
                }
                ListOf(rows, key).Add(row);
            }
        }
        return (rows, below);
    }

    private async Task<VerifyCursor?> ByTimeAsync(VerifyCursor at, CancellationToken ct)
    {
        var (sum, read) = (at.Sum, 0);
        var (_, end) = AuditKeys.AllByTime;
        await foreach (var row in partition.QueryAsync((at.From.Length > 0 ? at.From : AuditKeys.Until(at.Until), end), null, 1000, ct))
        {
            if (++read > RowsAtOnce)
            {
                return at with { From = row.RowKey, Sum = sum };
            }
            work.Spent++;
            sum -= Mark(row.RowKey, AuditRow.BytesOf(row));
        }
        return sum == 0 ? null : at with { Phase = VerifyPhase.ByTimeOneByOne, From = "", Sum = 0 };
    }

    private Task<VerifyCursor?> ByTimeOneByOneAsync(VerifyCursor at, CancellationToken ct) => OneByOneAsync(at, AuditKeys.AllByTime, static row => AuditKeys.EntryOf(row.RowKey), (row, other) =>
    {
        var entry = AuditKeys.EntryOf(row.RowKey);
        if (!AuditKeys.IsEntry(entry) || other is null)
        {
            Report(row, AuditFault.ByTimeInserted, "No chain has this entry by time.", row.RowKey);
        }
        else if (ObjectCheck.ByTimeKey(AuditKeys.ObjectOf(entry), AuditCommit.Of(other)) != row.RowKey)
        {
            Report(row, AuditFault.ByTimeInserted, "The entry stands at another time in its chain.", row.RowKey);
        }
        else if (!AuditRow.BytesOf(other).AsSpan().SequenceEqual(AuditRow.BytesOf(row)))
        {
            Report(row, AuditFault.ByTimeChanged, "The entry by time is not that of the chain.", row.RowKey);
        }
    }, VerifyPhase.EntriesOneByOne, ct);

    private Task<VerifyCursor?> EntriesOneByOneAsync(VerifyCursor at, CancellationToken ct) => OneByOneAsync(at, AuditKeys.AllEntries, static row => ByTimeOf(row), (row, other) =>
    {
        if (other is null && ByTimeOf(row) is { } missing)
        {
            Report(row, AuditFault.ByTimeRemoved, "The entry is not among the entries by time.", missing);
        }
    }, null, ct);

    // Rows of a transaction are there together, so what is read behind a row must have its other half.
    private async Task<VerifyCursor?> OneByOneAsync(
        VerifyCursor at, (string From, string Below) range, Func<TableEntity, string?> otherKey, Action<TableEntity, TableEntity?> compare, VerifyPhase? next, CancellationToken ct)
    {
        var rows = new List<TableEntity>();
        string? rest = null;
        await foreach (var row in partition.QueryAsync((at.From.Length > 0 ? at.From : range.From, range.Below), null, 1000, ct))
        {
            if (rows.Count == DoubtfulAtOnce)
            {
                rest = row.RowKey;
                break;
            }
            rows.Add(row);
        }
        foreach (var some in rows.Chunk(ReadsAtOnce))
        {
            work.Spent += some.Length * ReadCosts;
            var others = await Task.WhenAll(some.Select(row => otherKey(row) is { } key ? partition.FindAsync(key, null, ct) : Task.FromResult<TableEntity?>(null)));
            for (var i = 0; i < some.Length; i++)
            {
                compare(some[i], others[i]);
            }
        }
        return rest is not null ? at with { From = rest } : next is { } phase ? at with { Phase = phase, From = "" } : null;
    }

    private void Report(TableEntity row, AuditFault fault, string detail, string rowKey)
    {
        var said = AuditCommit.Of(row).Entries is [{ } first, ..] ? first : null;
        var found = new AuditFinding(said?.Object ?? source.Kind, fault, detail, said?.Number, rowKey);
        if (!work.Findings.Exists(other => other.Fault == fault && other.Row == rowKey))
        {
            work.Findings.Add(found);
        }
    }

    private static string? ByTimeOf(TableEntity entry) => AuditKeys.IsEntry(entry.RowKey) ? ObjectCheck.ByTimeKey(AuditKeys.ObjectOf(entry.RowKey), AuditCommit.Of(entry)) : null;

    // The key of the object's own row when that is gone: its entries name it.
    private string? HomeIn(AuditedState state) => state.Read().SelectMany(static entry => entry.Rows).Select(static row => row.RowKey).FirstOrDefault(row => source.Holds(row) && source.HoldsHead(row));

    private static UInt128 SumOf(string key, AuditedState state, DateTimeOffset until)
    {
        UInt128 sum = 0;
        foreach (var commit in state.Commits)
        {
            if (ObjectCheck.ByTimeKey(key, commit) is { } rowKey && string.CompareOrdinal(rowKey, AuditKeys.Until(until)) >= 0)
            {
                sum += Mark(rowKey, commit.Bytes);
            }
        }
        return sum;
    }

    private static UInt128 Mark(string rowKey, byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(rowKey));
        hash.AppendData([0]);
        hash.AppendData(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(hash.GetHashAndReset());
    }

    private static List<TableEntity> ListOf(Dictionary<string, List<TableEntity>> all, string key)
    {
        if (!all.TryGetValue(key, out var list))
        {
            all[key] = list = [];
        }
        return list;
    }
}
