using System.Runtime.CompilerServices;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Audit;

/// <summary>
/// Recomputes chains and rows of what is stored, and names what was changed behind the store's back. A whole store is verified in parts, each of bounded work: of each kind
/// each partition, first its objects, then its entries by time.
/// </summary>
internal sealed class AuditVerifier(AuditSources sources, AuditSeals seals, TimeProvider time)
{
    // About what a call reads; and what opening a partition counts, so that a call ends in a store of many that are empty.
    private const int RowsPerCall = 20_000;
    private const int PartitionCosts = 150;

    /// <summary>Verifies one object, its entries by time and its data too.</summary>
    public async Task<Result<AuditReport>> VerifyAsync(string named, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var located = await sources.LocateAsync(named, ct);
        if (!located.IsOk)
        {
            return located.Failure;
        }
        var known = await seals.ReadAsync(ct);
        var (state, findings) = await ObjectCheck.RunAsync(located.Value.Source, located.Value.Object, known, ct);
        if (state is { Home: null, Entries: 0, Digests.Count: 0 } && findings.Length == 0)
        {
            return new Failure.NotFound(located.Value.Source.Kind, named[(located.Value.Source.Kind.Length + 1)..]);
        }
        var work = new VerifyWork { Objects = state.IsUnaudited ? 0 : 1, Unaudited = state.IsUnaudited ? 1 : 0, Entries = state.Entries };
        work.Findings.AddRange([.. findings, .. known.Findings]);
        return Report(started, work, known, null);
    }

    /// <summary>Verifies the part of the store that a token stands at; the first when there is none.</summary>
    public async Task<Result<AuditReport>> VerifyNextAsync(string? token, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var read = VerifyCursor.Read(token);
        if (!read.IsOk)
        {
            return read.Failure;
        }
        var known = await seals.ReadAsync(ct);
        var work = new VerifyWork();
        if (read.Value is null)
        {
            // The checkpoints themselves are judged once, with the first part.
            work.Findings.AddRange(known.Findings);
        }
        var cursor = read.Value;
        var found = cursor is null;
        await foreach (var (source, partition) in PartitionsFromAsync(cursor, ct))
        {
            found = true;
            var part = new PartitionCheck(source, partition, known, work);
            var next = cursor is not null && cursor.Kind == source.Kind && cursor.Partition == partition.Partition
                ? cursor
                : new VerifyCursor(source.Kind, partition.Partition, VerifyPhase.Objects, "", time.GetUtcNow(), 0);
            if (work.Spent >= RowsPerCall)
            {
                return Report(started, work, known, next);
            }
            work.Spent += PartitionCosts;
            cursor = next;
            while (cursor is not null)
            {
                if (work.Spent >= RowsPerCall)
                {
                    return Report(started, work, known, cursor);
                }
                cursor = await part.StepAsync(cursor, ct);
            }
        }
        return found ? Report(started, work, known, null) : new Failure.Invalid("page_token", "Invalid page token, what it stands at is gone");
    }

    // From the partition at which the cursor stands; all of them when there is none.
    private async IAsyncEnumerable<(AuditSource Source, AuditedPartition Partition)> PartitionsFromAsync(VerifyCursor? cursor, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var source in sources.All)
        {
            if (cursor is not null && cursor.Kind != source.Kind)
            {
                continue;
            }
            await foreach (var partition in (cursor is not null && source.PartitionsFrom is { } later ? later(cursor.Partition, ct) : source.Partitions(ct)).WithCancellation(ct))
            {
                if (cursor is not null && cursor.Partition != partition.Partition)
                {
                    continue;
                }
                cursor = null;
                yield return (source, partition);
            }
        }
    }

    private AuditReport Report(long started, VerifyWork work, SealedHeads known, VerifyCursor? next)
    {
        var seconds = Math.Max(time.GetElapsedTime(started).TotalSeconds, 0.000_001);
        return new AuditReport(work.Objects, work.Unaudited, work.Entries, Math.Round(work.Entries / seconds), [.. work.Findings.Select(AuditFindingView.Of)], known.Checkpoints, next?.Write());
    }
}
