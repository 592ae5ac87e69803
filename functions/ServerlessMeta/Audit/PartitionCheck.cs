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
        var part = await PartitionPart.ReadAsync(source, partition, at.From, ct);
        work.Spent += part.Rows;
        foreach (var rowKey in part.Strange)
        {
            work.Findings.Add(AuditKeys.Owns(rowKey)
                ? new AuditFinding(source.Kind, AuditFault.EntryInserted, "The row is no entry of any object.", null, rowKey)
                : new AuditFinding(source.Kind, AuditFault.RowInserted, "The row is no part of any object.", null, rowKey));
        }
        var sum = at.Sum;
        foreach (var (key, state) in part.Objects)
        {
            var seals = known.Find(source.Kind, partition.Partition, key);
            if (state is { IsUnaudited: true, Digests.Count: 0 } && seals.Length == 0)
            {
                continue;
            }
            sum += SumOf(key, state, at.Until);
            if (ChainCheck.Check(state, seals).Length > 0)
            {
                await DoubtAsync(key, state.Home ?? HomeIn(state) ?? "", ct);
            }
            (work.Objects, work.Unaudited) = state.IsUnaudited ? (work.Objects, work.Unaudited + 1) : (work.Objects + 1, work.Unaudited);
            work.Entries += state.Entries;
        }
        foreach (var key in known.In(source.Kind, partition.Partition).Where(part.Lacks).Order(StringComparer.Ordinal))
        {
            // Sealed once, and now without any row.
            await DoubtAsync(key, "", ct);
        }
        return part.Below is null ? at with { Phase = VerifyPhase.ByTime, From = "", Sum = sum } : at with { From = part.Below, Sum = sum };
    }

    private async Task DoubtAsync(string key, string home, CancellationToken ct)
    {
        work.Spent += ReadCosts;
        work.Findings.AddRange((await ObjectCheck.RunAsync(source, new AuditedObject(partition, key, home), known, ct)).Findings);
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
}
