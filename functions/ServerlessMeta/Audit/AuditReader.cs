using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Audit;

/// <summary>
/// Lists entries, the newest first. Of one object: its chain, one range. Of all: each partition has its entries by time, and a page merges them; it costs an operation
/// for each partition and one for each thousand entries looked at.
/// </summary>
internal sealed class AuditReader(AuditSources sources)
{
    private const int PartitionsAtOnce = 16;
    private const int Partitions = 2_000;
    private const int LookedAt = 5_000;
    private const int RowsAhead = 20_000;

    public async Task<Result<Paged<AuditEntryView>>> ListAsync(AuditQuery query, int limit, string? token, CancellationToken ct)
    {
        var after = PageToken.Read(query.Fingerprint, token);
        if (!after.IsOk)
        {
            return after.Failure;
        }
        if (query.Object is not { } named)
        {
            if (query.Kind is { } kind && sources.Find(kind) is { IsListed: false })
            {
                return new Failure.Invalid("object", $"Entries of kind '{kind}' are listed by object, or by what they belong to.");
            }
            return await ListByTimeAsync(query, sources.All.Where(source => query.Kind is null ? source.IsListed : source.Kind == query.Kind && source.IsListed), limit, after.Value, ct);
        }
        var located = await sources.LocateAsync(named, ct);
        if (!located.IsOk)
        {
            return located.Failure;
        }
        var (source, one) = located.Value;
        return query.Kind is null || query.Kind == source.Kind
            ? await ListChainAsync(query, source, one, limit, after.Value, ct)
            : sources.Find(query.Kind) is { Within: { } within } && await within(named, ct) is { } partition
            ? await MergeAsync(query, [(query.Kind, partition)], limit, after.Value, ct)
            : new Failure.Invalid("kind", $"Entries of kind '{query.Kind}' are not listed by a {source.Kind}.");
    }

    private static async Task<Result<Paged<AuditEntryView>>> ListChainAsync(AuditQuery query, AuditSource source, AuditedObject one, int limit, string? after, CancellationToken ct)
    {
        var range = AuditKeys.Entries(one.Key);
        var below = long.MaxValue;
        if (after is not null)
        {
            if (!long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out below) || below is < 1 or > AuditKeys.LastNumber)
            {
                return new Failure.Invalid("page_token", "Invalid page token, it names no place in the chain");
            }
            range = AuditKeys.EntriesUpTo(one.Key, below - 1);
        }
        var found = ImmutableArray.CreateBuilder<AuditEntryView>();
        var looked = 0;
        var isKnown = after is not null;
        await foreach (var row in one.Partition.QueryAsync(range, null, Math.Min(limit + 1, 1000), ct))
        {
            if (!AuditKeys.IsEntry(row.RowKey))
            {
                continue;
            }
            isKnown = true;
            var commit = AuditCommit.Of(row);
            for (var i = commit.Lines.Count - 1; i >= 0; i--)
            {
                if (commit.First + i >= below || commit.Entries[i] is not { } entry)
                {
                    continue;
                }
                if (found.Count == limit || looked == LookedAt)
                {
                    return Page(query, found, (commit.First + i + 1).ToString(CultureInfo.InvariantCulture));
                }
                looked++;
                if (query.From is { } from && entry.At < from)
                {
                    return Page(query, found, null);
                }
                if (query.Fits(entry))
                {
                    found.Add(AuditEntryView.Of(entry, AuditEntry.HexOf(commit.Lines[i].Span)));
                }
            }
        }
        // No entries: it is from before the audit, or there is no such object.
        return isKnown || await one.Partition.FindAsync(one.Home, ["RowKey"], ct) is not null
            ? Page(query, found, null)
            : new Failure.NotFound(source.Kind, query.Object![(source.Kind.Length + 1)..]);
    }

    private static async Task<Result<Paged<AuditEntryView>>> ListByTimeAsync(AuditQuery query, IEnumerable<AuditSource> listed, int limit, string? after, CancellationToken ct)
    {
        var partitions = new List<(string Kind, AuditedPartition Partition)>();
        foreach (var source in listed)
        {
            await foreach (var partition in source.Partitions(ct).WithCancellation(ct))
            {
                partitions.Add((source.Kind, partition));
                if (partitions.Count > Partitions)
                {
                    return new Failure.Invalid("object", $"Entries of more than {Partitions} partitions are not listed at once: name an object, or a kind.");
                }
            }
        }
        return await MergeAsync(query, partitions, limit, after, ct);
    }

    private static async Task<Result<Paged<AuditEntryView>>> MergeAsync(AuditQuery query, List<(string Kind, AuditedPartition Partition)> partitions, int limit, string? after, CancellationToken ct)
    {
        var start = after is null ? null : ByTimePlace.Read(after);
        if (after is not null && start is null)
        {
            return new Failure.Invalid("page_token", "Invalid page token, it names no place among the entries");
        }
        var (first, below) = AuditKeys.AllByTime;
        first = query.To is { } to ? AuditKeys.Until(to) : first;
        below = query.From is { } from ? AuditKeys.Before(from) : below;
        // What is read ahead of all partitions together is bounded.
        var perPage = Math.Clamp(RowsAhead / Math.Max(partitions.Count, 1), 2, Math.Min(limit + 1, 1000));
        var streams = new List<Stream>();
        try
        {
            foreach (var some in partitions.Chunk(PartitionsAtOnce))
            {
                var opened = some.Select(one => new Stream(one.Kind, one.Partition.Partition, one.Partition.QueryAsync((ByTimePlace.From(start, one.Kind, one.Partition.Partition) is { } later && string.CompareOrdinal(later, first) > 0 ? later : first, below), null, perPage, ct).GetAsyncEnumerator(ct))).ToList();
                streams.AddRange(opened);
                await Task.WhenAll(opened.Select(static stream => stream.NextAsync().AsTask()));
            }
            var queue = new PriorityQueue<Stream, ByTimePlace>();
            foreach (var stream in streams)
            {
                Enqueue(queue, stream);
            }
            var found = ImmutableArray.CreateBuilder<AuditEntryView>();
            var looked = 0;
            while (queue.TryDequeue(out var stream, out var place))
            {
                var commit = AuditCommit.Of(stream.Row!);
                for (var i = commit.Lines.Count - 1; i >= 0; i--)
                {
                    if ((start is not null && start.IsAt(place) && i > start.Line) || commit.Entries[i] is not { } entry)
                    {
                        continue;
                    }
                    if (found.Count == limit || looked == LookedAt)
                    {
                        return Page(query, found, (place with { Line = i }).Write());
                    }
                    looked++;
                    if (query.Fits(entry))
                    {
                        found.Add(AuditEntryView.Of(entry, AuditEntry.HexOf(commit.Lines[i].Span)));
                    }
                }
                await stream.NextAsync();
                Enqueue(queue, stream);
            }
            return Page(query, found, null);
        }
        finally
        {
            foreach (var stream in streams)
            {
                await stream.Rows.DisposeAsync();
            }
        }
    }

    private static void Enqueue(PriorityQueue<Stream, ByTimePlace> queue, Stream stream)
    {
        if (stream.Row is { } row)
        {
            queue.Enqueue(stream, new ByTimePlace(AuditKeys.TimeOf(row.RowKey), stream.Kind, stream.Partition, row.RowKey, 0));
        }
    }

    private static Paged<AuditEntryView> Page(AuditQuery query, ImmutableArray<AuditEntryView>.Builder found, string? next) =>
        new(found.ToImmutable(), next is null ? null : PageToken.Write(query.Fingerprint, next));

    private sealed class Stream(string kind, string partition, IAsyncEnumerator<TableEntity> rows)
    {
        public string Kind => kind;

        public string Partition => partition;

        public IAsyncEnumerator<TableEntity> Rows => rows;

        public TableEntity? Row { get; private set; }

        public async ValueTask NextAsync()
        {
            do
            {
                Row = await rows.MoveNextAsync() ? rows.Current : null;
            }
            while (Row is not null && !AuditKeys.IsEntry(AuditKeys.EntryOf(Row.RowKey)));
        }
    }
}
