using System.Collections.Immutable;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// What lies directly in a folder: its files' rows are one range in which each folder below is a stretch, passed over by asking anew behind it when it is
/// long. So a listing costs an operation for each thousand files, and at most one for each folder.
/// </summary>
internal sealed class FolderListing(StorageClients storage, StagedUploads staged)
{
    // So many rows of one folder are read past before asking anew is cheaper.
    private const int PassedOver = 100;
    private const int PageRows = 1000;

    /// <summary>Whether a page of a folder may begin at a key.</summary>
    public static bool IsIn(ArtifactPath folder, string key)
    {
        if (!FileKeys.IsInRoot(folder))
        {
            return true;
        }
        var (from, below) = FileKeys.Inside(FileKeys.Split(folder).Inner);
        return string.CompareOrdinal(key, from) >= 0 && string.CompareOrdinal(key, below) < 0 && FileKeys.IsKey(key);
    }

    /// <param name="folder">The folder.</param>
    /// <param name="max">How many entries at most.</param>
    /// <param name="from">The key at which a page begins; null: at the first.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The entries in the order of their keys, and where the next page begins (null: there is none).</returns>
    public async Task<(List<ArtifactEntry> Entries, string? Next)> ListAsync(ArtifactPath folder, int max, string? from, CancellationToken ct)
    {
        if (!FileKeys.IsInRoot(folder))
        {
            return await ListAboveRunsAsync(folder, max, from, ct);
        }
        var entries = new List<ArtifactEntry>();
        var (partition, inner) = FileKeys.Split(folder);
        var next = await ReadAsync(partition, inner, max, from, entries, ct);
        return (entries, next);
    }

    // Above the runs' folders a listing joins the partition of the first name with the names of further partitions: all of it, then the page.
    private async Task<(List<ArtifactEntry> Entries, string? Next)> ListAboveRunsAsync(ArtifactPath folder, int max, string? from, CancellationToken ct)
    {
        var all = new SortedDictionary<string, ArtifactEntry>(StringComparer.Ordinal);
        if (!folder.IsRoot)
        {
            var own = new List<ArtifactEntry>();
            var (partition, inner) = FileKeys.Split(folder);
            await ReadAsync(partition, inner, int.MaxValue, null, own, ct);
            foreach (var entry in own)
            {
                all[entry.Name] = entry;
            }
        }
        await foreach (var (name, partition) in ListPartitionsAsync(folder, ct))
        {
            // Only the root has partitions that are files themselves.
            var size = folder.IsRoot && partition == name ? await FindSizeAsync(name, ct) : null;
            all.TryAdd(name, new ArtifactEntry(name, size));
        }
        var rest = from is null ? all.Values : all.Values.SkipWhile(entry => string.CompareOrdinal(entry.Name, from) < 0);
        var page = rest.Take(max == int.MaxValue ? max : max + 1).ToList();
        if (page.Count <= max)
        {
            return (page, null);
        }
        var next = page[max].Name;
        page.RemoveAt(max);
        return (page, next);
    }

    private async Task<string?> ReadAsync(string partition, string inner, int max, string? start, List<ArtifactEntry> entries, CancellationToken ct)
    {
        var (from, below) = FileKeys.Inside(inner);
        var prefix = from.Length;
        var at = start ?? from;
        string? confirmed = null;
        while (true)
        {
            var asked = at;
            var passed = 0;
            await foreach (var row in QueryAsync(partition, at, below, max - entries.Count, ct))
            {
                if (FileKeys.IsFolderItself(row.RowKey))
                {
                    continue;
                }
                var slash = FileKeys.SlashAfter(row.RowKey, prefix);
                if (slash >= 0 && confirmed is not null && row.RowKey.AsSpan(0, slash).SequenceEqual(confirmed))
                {
                    if (++passed == PassedOver)
                    {
                        at = FileKeys.Behind(confirmed);
                        break;
                    }
                    continue;
                }
                var state = FileRow.To(row);
                if (state.IsFolder || await SizeOfAsync(state, ct) is not { } size)
                {
                    continue;
                }
                if (entries.Count == max)
                {
                    return slash < 0 ? row.RowKey : FileKeys.Inside(row.RowKey, slash);
                }
                confirmed = slash < 0 ? null : row.RowKey[..slash];
                passed = 0;
                entries.Add(slash < 0 ? new ArtifactEntry(state.Path.Name, size) : new ArtifactEntry(FileKeys.NameIn(confirmed!, prefix), null));
            }
            if (at == asked)
            {
                return null;
            }
        }
    }

    private Azure.AsyncPageable<TableEntity> QueryAsync(string partition, string from, string below, long wanted, CancellationToken ct) => storage.Files.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {below}"), (int)Math.Clamp(wanted + 1 + PassedOver, 1, PageRows), FileRow.ListColumns, ct);

    // The names of partitions directly below a folder, each asked for behind the one before.
    private async IAsyncEnumerable<(string Name, string Partition)> ListPartitionsAsync(ArtifactPath folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (from, below) = FileKeys.PartitionsInside(folder.ToString());
        var (first, last) = FileKeys.Files;
        var prefix = folder.IsRoot ? 0 : from.Length;
        var after = from;
        while (true)
        {
            // Behind a partition itself come those whose names go on; behind a folder's, the first that may be the bound itself.
            var filter = from.Length == 0
                ? TableClient.CreateQueryFilter($"PartitionKey gt {after} and PartitionKey lt {below} and RowKey ge {first} and RowKey lt {last}")
                : TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {below} and RowKey ge {first} and RowKey lt {last}");
            string? found = null;
            await foreach (var row in storage.Files.QueryAsync<TableEntity>(filter, 1, ["PartitionKey"], ct))
            {
                found = row.PartitionKey;
                break;
            }
            if (found is null)
            {
                yield break;
            }
            var slash = FileKeys.SlashAfter(found, prefix);
            yield return (FileKeys.NameIn(slash < 0 ? found : found[..slash], prefix), slash < 0 ? FileKeys.NameIn(found, prefix) : "");
            (from, after) = slash < 0 ? ("", found) : (FileKeys.Behind(found[..slash]), "");
        }
    }

    private async Task<long?> FindSizeAsync(string name, CancellationToken ct)
    {
        var (partition, inner) = FileKeys.Split(ArtifactPath.Parse(name).Value);
        var row = await storage.Files.GetEntityIfExistsAsync<TableEntity>(partition, FileKeys.File(inner), FileRow.ListColumns, ct);
        return row.HasValue ? await SizeOfAsync(FileRow.To(row.Value!), ct) : null;
    }

    // What is being put there straight counts once it is there.
    private async ValueTask<long?> SizeOfAsync(FileState state, CancellationToken ct) =>
        (state.Staged is null ? null : await staged.FindSizeAsync(state.Staged, ct)) ?? state.File?.Size;
}
