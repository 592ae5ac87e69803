using System.Collections.Immutable;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Audit;

/// <summary>
/// Seals the ends of the chains that grew since the last checkpoint. No clock decides which did: heads are read and held against what was sealed; of runs only those that are hot
/// or cooled since. Two at once, late, or cut half way: a line is appended only where it must come, and what a cut one did not remember is sealed again.
/// </summary>
public sealed class AuditSealer
{
    private const int HeadsPerLine = 15_000;
    private const int PointReads = 50;

    private readonly AuditSources sources;
    private readonly AuditSeals seals;
    private readonly AuditOptions options;
    private readonly TimeProvider time;

    internal AuditSealer(AuditSources sources, AuditSeals seals, IOptions<AuditOptions> options, TimeProvider time) => (this.sources, this.seals, this.options, this.time) = (sources, seals, options.Value, time);

    /// <returns>How many chains were sealed.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var (state, tag) = await seals.ReadStateAsync(ct);
        var (behind, position) = await seals.ReadBehindAsync(state, ct);
        var known = state.Sealed.ToBuilder();
        var (number, hash) = (state.Checkpoint, state.Hash);
        foreach (var line in behind)
        {
            number++;
            hash = AuditEntry.HexOf(line.Span);
            foreach (var (name, head) in CheckpointLine.TryRead(line)?.Heads ?? ImmutableSortedDictionary<string, (long Number, string Hash)>.Empty)
            {
                known[name] = head.Number;
            }
        }
        var next = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        var cursors = state.Cursors.ToBuilder();
        var grown = new SortedDictionary<string, (long, string)>(StringComparer.Ordinal);
        foreach (var source in sources.All.Where(static source => source.IsSealed))
        {
            await foreach (var partition in source.Partitions(ct).WithCancellation(ct))
            {
                await foreach (var (key, head) in HeadsAsync(source, partition, cursors, ct))
                {
                    var name = Checkpoint.NameOf(source.Kind, partition.Partition, key);
                    var before = known.GetValueOrDefault(name);
                    // A chain that got shorter is not sealed: that would cover it up.
                    next[name] = Math.Max(before, head.Number);
                    if (head.Number > before)
                    {
                        grown[name] = (head.Number, Convert.ToHexStringLower(head.Hash));
                    }
                }
            }
        }
        using var signer = SealKeys.ReadPrivate(options.SigningKey);
        // A key that is new signs at once, though no chain grew: else nothing would tell its store from one whose checkpoints were all written anew.
        var chunks = grown.Count == 0 && signer is not null && number > 0 && (await seals.ReadAsync(ct)).IsUnsigned ? [[]] : grown.Chunk(HeadsPerLine).ToList();
        foreach (var some in chunks)
        {
            number++;
            position = AuditSeals.BeginsBlob(number) ? 0 : position;
            var line = CheckpointLine.Write(
                new Checkpoint { Number = number, At = time.GetUtcNow(), Previous = hash, Heads = some.ToImmutableSortedDictionary(StringComparer.Ordinal) }, signer);
            if (!await seals.TryAppendAsync(number, line, position, ct))
            {
                // Another sealing is at it, or this one's answer was lost; what is left comes with the next.
                return 0;
            }
            position += line.Length + 1;
            hash = AuditEntry.HexOf(line);
        }
        if (chunks.Count > 0 || behind.Count > 0 || !cursors.SequenceEqual(state.Cursors))
        {
            await seals.TryWriteStateAsync(new SealState(number, hash, position, next.ToImmutable(), cursors.ToImmutable()), tag, ct);
        }
        return grown.Count;
    }

    private static async IAsyncEnumerable<(string Key, AuditHead Head)> HeadsAsync(
        AuditSource source, AuditedPartition partition, ImmutableSortedDictionary<string, long>.Builder cursors, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        IReadOnlyList<string>? keys = null;
        if (source.ChangedSince is { } changedSince)
        {
            var name = Checkpoint.NameOf(source.Kind, partition.Partition, "");
            (keys, var cursor) = await changedSince(partition, cursors.GetValueOrDefault(name), ct);
            if (cursor > 0)
            {
                cursors[name] = cursor;
            }
        }
        string[] columns = ["RowKey", .. AuditHead.Columns];
        if (keys is { Count: <= PointReads })
        {
            foreach (var row in await Task.WhenAll(keys.Select(key => partition.FindAsync(AuditSource.HomeOf(source.Letters[0], key), columns, ct))))
            {
                if (row is not null && AuditHead.TryOf(row) is { Number: > 0 } head)
                {
                    yield return (source.ObjectOf(row.RowKey)!, head);
                }
            }
            yield break;
        }
        var wanted = keys?.ToHashSet(StringComparer.Ordinal);
        var range = keys is null ? AuditSource.Between(source.Letters[0], "", null) : (AuditSource.HomeOf(source.Letters[0], keys[0]), AuditSource.HomeOf(source.Letters[0], keys[^1]) + '!');
        await foreach (var row in partition.QueryAsync(range, columns, 1000, ct))
        {
            if (source.HoldsHead(row.RowKey) && source.TryObjectOf(row.RowKey, out var key) && key is not null && wanted?.Contains(key) is not false && AuditHead.TryOf(row) is { Number: > 0 } head)
            {
                yield return (key, head);
            }
        }
    }
}
