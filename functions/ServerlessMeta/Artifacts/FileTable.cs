using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Writes what lies at a path. A path is a file or a folder, never both: the first file in a folder marks it, and each folder above it, in its own transaction;
/// an instance remembers which are marked. (Only where one instance makes a file of an emptied folder, and another remembers that folder, both can come to be.)
/// </summary>
internal sealed class FileTable(StorageClients storage, FileAudit audit, TimeProvider time)
{
    private const int KnownFolders = 20_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(string Partition, string RowKey), bool> folders = new();

    public async Task<FileState?> FindAsync(ArtifactPath path, CancellationToken ct)
    {
        var (partition, inner) = FileKeys.Split(path);
        return await FindRowAsync(partition, FileKeys.File(inner), ct) is { } row ? FileRow.To(row) : null;
    }

    /// <summary>What is wrong with a path for a file, whatever is there; null: nothing.</summary>
    public static Failure.Invalid? Refuse(ArtifactPath path) =>
        path.IsRoot ? new Failure.Invalid("path", "Invalid path: a file needs a name.")
        : FileKeys.IsInRoot(path) && FileKeys.Split(path).Inner.Length == 0 ? new Failure.Invalid("path", $"Invalid path: '{path}' is the folder of a run, a model or a trace.")
        : null;

    /// <summary>
    /// Writes a row at a path, whatever file was there: one operation when nothing was and the folders are known, three otherwise.
    /// <see cref="Failure.Invalid"/> when the path is a folder that has files, or a folder above it is a file.
    /// </summary>
    /// <param name="path">Where.</param>
    /// <param name="write">The id of this write: a row that has it is ours.</param>
    /// <param name="next">The row to write, from what is there (null: nothing); no row when what is there has changed by now, and is to be read again.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Failure?> PutAsync(ArtifactPath path, string write, Func<FileState?, ValueTask<TableEntity?>> next, CancellationToken ct)
    {
        var (partition, inner) = FileKeys.Split(path);
        if (Refuse(path) is { } unfit)
        {
            return unfit;
        }
        if (!FileKeys.IsInRoot(path) && await HasFilesAsync(path, ct))
        {
            // Above the runs a folder is known by other partitions alone.
            return IsFolderWithFiles(path);
        }
        var above = FoldersAbove(inner);
        var started = time.GetTimestamp();
        FileState? present = null;
        FileEnd? ended = null;
        for (var attempt = 0; ; attempt++)
        {
            var unknown = above.Where(folder => !folders.ContainsKey((partition, folder))).ToList();
            try
            {
                if (await next(present) is { } row)
                {
                    await audit.WriteAsync(row, present, unknown, ended, Caller.Current, ct);
                    Know(partition, unknown);
                    folders.TryRemove((partition, FileKeys.File(inner)), out _);
                    return null;
                }
            }
            catch (RequestFailedException lost) when (ended is null && FileAudit.HasChain(lost, unknown.Count))
            {
                // A file was here before: its chain goes on.
                ended = await audit.FindEndAsync(partition, FileKeys.File(inner), ct);
                if (ended is not null)
                {
                    continue;
                }
                // Its end cannot be read: whoever waits is told so in the end.
            }
            catch (TableTransactionFailedException lost) when (lost.Status is 409 && lost.FailedTransactionActionIndex > 0 && lost.FailedTransactionActionIndex <= unknown.Count)
            {
                if (await FindFileAmongAsync(partition, unknown, ct) is { } file)
                {
                    return new Failure.Invalid("path", $"Invalid path: '{file}' is a file, so nothing can lie below it.");
                }
                continue;
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
            {
                // Something is there: look what.
                ended = null;
            }
            if (time.GetElapsedTime(started) > Patience)
            {
                return new Failure.Busy("File", path.ToString(), TimeSpan.FromSeconds(2));
            }
            present = await FindAsync(path, ct);
            if (present is { IsFolder: true } && await HasFilesAsync(path, ct))
            {
                return IsFolderWithFiles(path);
            }
            if (present is not null && present.Write == write)
            {
                return null;
            }
            if (attempt > 0)
            {
                // The first time it was only unknown what is there; from now on it is a race.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 15)), time, ct);
            }
        }
    }

    /// <summary>Replaces the row of a state that was read; false when it changed since.</summary>
    public async Task<bool> TryReplaceAsync(FileState present, TableEntity next, Caller by, CancellationToken ct)
    {
        for (FileEnd? ended = null; ;)
        {
            try
            {
                await audit.WriteAsync(next, present, [], ended, by, ct);
                return true;
            }
            catch (RequestFailedException lost) when (ended is null && FileAudit.HasChain(lost, 0))
            {
                ended = await audit.FindEndAsync(next.PartitionKey, next.RowKey, ct);
                if (ended is null)
                {
                    return false;
                }
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
            {
                return false;
            }
        }
    }

    /// <summary>Removes the row of a state that was read, unless it changed since.</summary>
    public async Task TryRemoveAsync(FileState present, CancellationToken ct)
    {
        var (partition, inner) = FileKeys.Split(present.Path);
        try
        {
            await storage.Files.DeleteEntityAsync(partition, FileKeys.File(inner), present.ETag, ct);
        }
        catch (RequestFailedException lost) when (lost.Status is 412)
        {
            // It has something new.
        }
    }

    /// <summary>Removes rows of one partition that were read, up to a hundred marks or 25 files an operation; those that are gone already are no fault.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<TableEntity> rows, CancellationToken ct)
    {
        var some = new List<TableEntity>();
        var steps = 0;
        foreach (var row in rows)
        {
            folders.TryRemove((row.PartitionKey, row.RowKey), out _);
            if (steps + FileAudit.RowsToRemove(row) > TableLimits.TransactionRows)
            {
                await RemoveTogetherAsync(some, ct);
                some.Clear();
                steps = 0;
            }
            some.Add(row);
            steps += FileAudit.RowsToRemove(row);
        }
        await RemoveTogetherAsync(some, ct);
    }

    /// <summary>The row at a path; null when there is none.</summary>
    public Task<TableEntity?> FindRowAsync(ArtifactPath path, CancellationToken ct)
    {
        var (partition, inner) = FileKeys.Split(path);
        return FindRowAsync(partition, FileKeys.File(inner), ct);
    }

    private async Task RemoveTogetherAsync(List<TableEntity> rows, CancellationToken ct)
    {
        if (rows.Count == 0 || await TryRemoveAsync(rows, ct))
        {
            return;
        }
        // Some row was written or removed meanwhile: one by one, each as it now is.
        var started = time.GetTimestamp();
        foreach (var row in rows)
        {
            while (await FindRowAsync(row.PartitionKey, row.RowKey, ct) is { } now && !await TryRemoveAsync([now], ct))
            {
                if (time.GetElapsedTime(started) > Patience)
                {
                    throw new TimeoutException($"'{FileKeys.PathOf(row.PartitionKey, row.RowKey)}' is being written faster than it can be deleted.");
                }
            }
        }
    }

    private async Task<bool> TryRemoveAsync(List<TableEntity> rows, CancellationToken ct)
    {
        var transaction = new GroupTransaction(storage.Files, rows[0].PartitionKey);
        var write = WriteId.New();
        rows.ForEach(row => audit.Remove(transaction, row, Caller.Current, write));
        try
        {
            await transaction.CommitAsync(ct);
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    /// <summary>Every row below a folder, folders' marks too, partition by partition.</summary>
    public async IAsyncEnumerable<TableEntity> ListRowsAsync(ArtifactPath folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (partition, inner) = FileKeys.Split(folder);
        var (from, below) = FileKeys.Inside(inner);
        await foreach (var row in storage.Files.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {below}"), 1000, FileRow.RecordColumns, ct))
        {
            if (!FileKeys.IsFolderItself(row.RowKey))
            {
                yield return row;
            }
        }
        if (FileKeys.IsInRoot(folder))
        {
            yield break;
        }
        var (first, last) = FileKeys.PartitionsInside(folder.ToString());
        (from, below) = FileKeys.Files;
        await foreach (var row in storage.Files.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey lt {last} and RowKey ge {from} and RowKey lt {below}"), 1000, FileRow.RecordColumns, ct))
        {
            yield return row;
        }
    }

    private static Failure.Invalid IsFolderWithFiles(ArtifactPath path) => new("path", $"Invalid path: '{path}' is a folder with files, so it can be no file.");

    // The first of some folders that is a file; those that are marked already are known from here on.
    private async Task<string?> FindFileAmongAsync(string partition, List<string> unknown, CancellationToken ct)
    {
        foreach (var row in await Task.WhenAll(unknown.Select(folder => FindRowAsync(partition, folder, ct))))
        {
            if (row is not null && !FileRow.To(row).IsFolder)
            {
                return FileKeys.PathOf(partition, row.RowKey);
            }
            if (row is not null)
            {
                Know(partition, [row.RowKey]);
            }
        }
        return null;
    }

    private async Task<bool> HasFilesAsync(ArtifactPath folder, CancellationToken ct)
    {
        await foreach (var row in ListRowsAsync(folder, ct))
        {
            if (!FileRow.To(row).IsFolder)
            {
                return true;
            }
        }
        return false;
    }

    private async Task<TableEntity?> FindRowAsync(string partition, string rowKey, CancellationToken ct)
    {
        var row = await storage.Files.GetEntityIfExistsAsync<TableEntity>(partition, rowKey, cancellationToken: ct);
        return row.HasValue ? row.Value : null;
    }

    private void Know(string partition, IEnumerable<string> marked)
    {
        if (folders.Count >= KnownFolders)
        {
            folders.Clear();
        }
        foreach (var folder in marked)
        {
            folders[(partition, folder)] = true;
        }
    }

    private static List<string> FoldersAbove(string inner)
    {
        var above = new List<string>();
        if (inner.Length > 0)
        {
            above.Add(FileKeys.File(""));
        }
        for (var slash = inner.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = inner.IndexOf('/', slash + 1))
        {
            above.Add(FileKeys.File(inner[..slash]));
        }
        return above;
    }
}
