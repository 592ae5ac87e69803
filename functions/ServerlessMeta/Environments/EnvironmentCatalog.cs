using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments;

/// <summary>
/// The packages of environments, as searches need them. What a digest names never changes, so what was read once is kept, up to a limit in bytes; what was not used for
/// longest goes first.
/// </summary>
internal sealed class EnvironmentCatalog(StorageClients storage, EnvironmentBlobs blobs, IOptions<EnvironmentsOptions> options)
{
    // Up to so many are read one by one, more by listing all there are.
    private const int FewReads = 32;
    private const int Parallel = 16;
    private const int EntryBytes = 256;

    private readonly long budget = options.Value.CatalogMegabytes * 1024L * 1024L;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private long weight;
    private long uses;

    /// <summary>Whether content and row of this digest are known to be stored.</summary>
    public bool Knows(string digest) => Find(digest) is not null;

    /// <summary>Stores the row of an environment: the same whoever writes it.</summary>
    public Task PutAsync(string digest, IReadOnlyList<Tag> index, CancellationToken ct)
    {
        var row = EnvironmentRow.From(digest, index);
        TableLimits.Weigh(row);
        return storage.Environments.UpsertEntityAsync(row, TableUpdateMode.Replace, ct);
    }

    /// <summary>Notes what is stored, row and content.</summary>
    public void Remember(string digest, IReadOnlyList<Tag> index) => Keep(digest, EnvironmentRow.Pack(index));

    /// <summary>Hands the packages of each environment to <paramref name="use"/>, in no order; those of one that is not stored are none.</summary>
    public async Task ReadAsync(IReadOnlyCollection<string> digests, Action<string, byte[][]> use, CancellationToken ct)
    {
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var digest in digests)
        {
            if (Find(digest) is { } known)
            {
                use(digest, known);
            }
            else
            {
                unknown.Add(digest);
            }
        }
        if (unknown.Count <= FewReads)
        {
            await ReadEachAsync(unknown, use, ct);
            return;
        }
        var (from, to) = (EnvironmentKeys.Environment(unknown.Min(StringComparer.Ordinal)!), EnvironmentKeys.Environment(unknown.Max(StringComparer.Ordinal)!));
        await foreach (var row in storage.Environments.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {EnvironmentKeys.Partition} and RowKey ge {from} and RowKey le {to}"), 1000, cancellationToken: ct))
        {
            var digest = EnvironmentKeys.DigestOf(row.RowKey);
            if (unknown.Remove(digest))
            {
                use(digest, await PackagesOfAsync(digest, row, ct));
            }
        }
        foreach (var absent in unknown)
        {
            use(absent, []);
        }
    }

    private async Task ReadEachAsync(HashSet<string> digests, Action<string, byte[][]> use, CancellationToken ct)
    {
        using var slim = new SemaphoreSlim(Parallel);
        var read = await Task.WhenAll(digests.Select(async digest =>
        {
            await slim.WaitAsync(ct);
            try
            {
                var row = await storage.Environments.GetEntityIfExistsAsync<TableEntity>(EnvironmentKeys.Partition, EnvironmentKeys.Environment(digest), cancellationToken: ct);
                return (digest, Packages: row.HasValue ? await PackagesOfAsync(digest, row.Value!, ct) : []);
            }
            finally
            {
                slim.Release();
            }
        }));
        foreach (var (digest, packages) in read)
        {
            use(digest, packages);
        }
    }

    private async Task<byte[][]> PackagesOfAsync(string digest, TableEntity row, CancellationToken ct)
    {
        var packages = EnvironmentRow.To(row);
        if (packages is null)
        {
            // Too many for a row: the content has them. Without it no search can say what it asks for, and none may seem to.
            var content = await blobs.ReadAsync(digest, ct);
            packages = content.IsOk ? EnvironmentRow.Pack(EnvironmentSummary.Of(EnvironmentCodec.DecodeContent(content.Value)).ToIndex()) : throw new InvalidDataException(content.Failure.Detail);
        }
        Keep(digest, packages);
        return packages;
    }

    private byte[][]? Find(string digest)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(digest, out var entry))
            {
                return null;
            }
            entry.LastUsed = ++uses;
            return entry.Packages;
        }
    }

    private void Keep(string digest, byte[][] packages)
    {
        lock (gate)
        {
            if (entries.TryAdd(digest, new Entry(packages) { LastUsed = ++uses }))
            {
                weight += WeightOf(packages);
            }
            if (weight <= budget)
            {
                return;
            }
            // A quarter at once, so that a full catalog is not sorted at each entry.
            foreach (var (oldest, entry) in entries.OrderBy(static pair => pair.Value.LastUsed).ToList())
            {
                if (weight <= budget * 3 / 4)
                {
                    break;
                }
                entries.Remove(oldest);
                weight -= WeightOf(entry.Packages);
            }
        }
    }

    private static long WeightOf(byte[][] packages) => EntryBytes + packages.Sum(static chunk => chunk.Length + 32L);

    private sealed class Entry(byte[][] packages)
    {
        public byte[][] Packages => packages;

        public long LastUsed { get; set; }
    }
}
