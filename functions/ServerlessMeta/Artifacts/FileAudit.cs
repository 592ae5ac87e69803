using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// The entries of files: a chain for each path, in the partition of its folder. Its head stands in the file's row, and when the file is deleted in a row of its own, so
/// that listings never see it. Storing a file does not look for a former chain: that its first entry exists already tells of it.
/// </summary>
internal sealed class FileAudit(StorageClients storage, TimeProvider time)
{
    /// <summary>Writes a row at a path with the entry of it, guarded by what is there: one operation.</summary>
    /// <param name="row">The row as it is to be.</param>
    /// <param name="present">What is there; null: nothing.</param>
    /// <param name="newFolders">Folders to mark with it.</param>
    /// <param name="ended">Where the path's chain ended, when it has no file but had.</param>
    /// <param name="by">Who stores the file.</param>
    /// <param name="ct">Gives up.</param>
    public async Task WriteAsync(TableEntity row, FileState? present, IReadOnlyCollection<string> newFolders, FileEnd? ended, Caller by, CancellationToken ct)
    {
        var after = FileRow.DigestOf(row);
        var head = present is { Head.Number: > 0 } ? present.Head : ended?.Head ?? AuditHead.None;
        if (after == present?.Digest && newFolders.Count == 0)
        {
            // No change of the file: bytes on their way, or found elsewhere. A transaction of one costs the service more than the row itself.
            Keep(row, present);
            TableLimits.Weigh(row);
            await (present is null ? storage.Files.AddEntityAsync(row, ct) : storage.Files.UpdateEntityAsync(row, present.ETag, TableUpdateMode.Replace, ct));
            return;
        }
        var transaction = new GroupTransaction(storage.Files, row.PartitionKey);
        var write = row.GetString(WriteId.Property);
        AuditTrail? trail = null;
        if (after == present?.Digest)
        {
            Keep(row, present);
        }
        else
        {
            trail = TrailOf(row, head);
            var action = present?.Digest is null ? "file.store" : "file.replace";
            trail.Record(by, time.GetUtcNow(), action, [new RowChange(row.RowKey, present?.Digest, after)], null, Details(row));
            trail.Head.Write(row);
        }
        _ = present is null ? transaction.Add(row) : transaction.Replace(row, present.ETag);
        foreach (var folder in newFolders)
        {
            transaction.Add(FileRow.Folder(row.PartitionKey, folder));
        }
        foreach (var entry in trail?.Rows(row.PartitionKey, write) ?? [])
        {
            transaction.Add(entry);
        }
        if (trail is not null && ended is { IsRow: true } && present is not { Head.Number: > 0 })
        {
            // Its entry guards it: had anyone gone on with the chain, it would be there.
            transaction.Remove(FileKeys.Ended(FileKeys.ObjectOf(row.RowKey)));
        }
        await transaction.CommitAsync(ct);
    }

    /// <summary>Whether a transaction of <see cref="WriteAsync"/> lost because the path has a chain already.</summary>
    public static bool HasChain(RequestFailedException lost, int newFolders) =>
        lost is TableTransactionFailedException { Status: 409, FailedTransactionActionIndex: { } step } && step > newFolders;

    /// <summary>Where the chain of a path ended that has no file now; null when it never had one.</summary>
    public async Task<FileEnd?> FindEndAsync(string partition, string rowKey, CancellationToken ct)
    {
        var key = FileKeys.ObjectOf(rowKey);
        var where = new AuditedPartition(storage.Files, partition);
        if (await where.FindAsync(FileKeys.Ended(key), null, ct) is { } ended && AuditHead.Of(ended) is { Number: > 0 } head)
        {
            return new FileEnd(head, true);
        }
        await foreach (var row in where.QueryAsync(AuditKeys.Entries(key), null, 1, ct))
        {
            // Someone took the row away, which verification tells; the chain goes on all the same.
            var commit = AuditCommit.Of(row);
            return commit.Entries is [.., { } last] ? new FileEnd(new AuditHead(commit.Last, AuditEntry.HashOf(commit.Lines[^1].Span), last.At), false) : null;
        }
        return null;
    }

    /// <summary>How many rows <see cref="Remove"/> takes of a transaction.</summary>
    public static int RowsToRemove(TableEntity row) => FileRow.DigestOf(row) is null ? 1 : 4;

    /// <summary>Removes a row that was read; of a file the end of its chain stays, and the entry.</summary>
    public void Remove(GroupTransaction transaction, TableEntity row, Caller by, string write)
    {
        transaction.Remove(row.RowKey, row.ETag);
        if (FileRow.DigestOf(row) is not { } before)
        {
            return;
        }
        var trail = TrailOf(row, AuditHead.Of(row));
        trail.Record(by, time.GetUtcNow(), "file.delete", [new RowChange(row.RowKey, before, null)], null, Details(row));
        transaction.Put(FileRow.Ended(row.PartitionKey, FileKeys.ObjectOf(row.RowKey), trail.Head));
        foreach (var entry in trail.Rows(row.PartitionKey, write))
        {
            transaction.Add(entry);
        }
    }

    private static void Keep(TableEntity row, FileState? present)
    {
        if (present is { Head.Number: > 0 })
        {
            present.Head.Write(row);
        }
    }

    private static AuditTrail TrailOf(TableEntity row, AuditHead head) => new(FileKeys.ObjectOf(row.RowKey), $"file:{FileKeys.PathOf(row.PartitionKey, row.RowKey)}", head);

    private static IEnumerable<KeyValuePair<string, string>> Details(TableEntity row) =>
    [
        KeyValuePair.Create("sha256", row.GetString("sha")),
        KeyValuePair.Create("size", row.GetInt64("size")!.Value.ToString(CultureInfo.InvariantCulture)),
    ];
}
