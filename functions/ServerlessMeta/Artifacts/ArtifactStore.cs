using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Files by path, their bytes kept once by content. A new file of up to 4 MiB is three operations: its blob, the claim of its content, its row; two fewer when this
/// instance stored the same bytes lately. A file is there when its row is, so a body that is cut, or a crash, leaves nothing to see.
/// </summary>
public sealed class ArtifactStore
{
    private const int PageEntries = 20_000;
    private const int RowsAtOnce = 1000;

    private readonly ContentStore contents;
    private readonly FileTable files;
    private readonly FolderListing listing;
    private readonly StagedUploads staged;
    private readonly FileEffects effects;
    private readonly ArtifactsClock clock;

    internal ArtifactStore(ContentStore contents, FileTable files, FolderListing listing, StagedUploads staged, FileEffects effects, ArtifactsClock clock) =>
        (this.contents, this.files, this.listing, this.staged, this.effects, this.clock) = (contents, files, listing, staged, effects, clock);

    /// <summary>Stores a file whole or not at all; a file that was at the path is replaced.</summary>
    /// <returns><see cref="Failure.Invalid"/> for bytes that are not as declared, or a path that is a folder; then nothing is kept.</returns>
    public async Task<Result<StoredFile>> PutAsync(ArtifactPath path, Stream body, DeclaredContent declared, CancellationToken ct)
    {
        if (FileTable.Refuse(path) is { } unfit)
        {
            return unfit;
        }
        var put = await contents.PutAsync(body, declared, ct);
        if (!put.IsOk)
        {
            return put.Failure;
        }
        var (content, blob) = put.Value;
        var write = WriteId.New();
        var file = new StoredFile
        {
            Path = path,
            Blob = blob,
            Size = content.Size,
            Md5 = content.Md5,
            Sha256 = content.Sha256,
            ContentType = declared.ContentType is { Length: > 0 and <= ContentTypes.MaxLength } type ? type : ContentTypes.Guess(path.Name),
            StoredAt = clock.Now,
        };
        if (await files.PutAsync(path, write, _ => ValueTask.FromResult<TableEntity?>(FileRow.From(file, write)), ct) is { } refused)
        {
            return refused;
        }
        await effects.ApplyAsync(file, ct);
        return file;
    }

    /// <summary>The file at a path; null when there is none. Bytes that were put straight into storage are hashed here, at their first read.</summary>
    public async Task<StoredFile?> FindAsync(ArtifactPath path, CancellationToken ct) =>
        await files.FindAsync(path, ct) is { } state ? state.Staged is null ? state.File : await staged.SettleAsync(state, ct) : null;

    /// <summary>What lies directly in a folder, in a fixed order; nothing when there is no such folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pageSize">How many at most.</param>
    /// <param name="pageToken">From the page before; null: the first.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<Paged<ArtifactEntry>>> ListAsync(ArtifactPath folder, int pageSize, string? pageToken, CancellationToken ct)
    {
        var query = $"files\n{folder}";
        var from = PageToken.Read(query, pageToken);
        if (!from.IsOk)
        {
            return from.Failure;
        }
        if (from.Value is { } start && !FolderListing.IsIn(folder, start))
        {
            return new Failure.Invalid("page_token", "Invalid page token, it names no place in this folder");
        }
        var (entries, next) = await listing.ListAsync(folder, pageSize, from.Value, ct);
        return new Paged<ArtifactEntry>([.. entries], next is null ? null : PageToken.Write(query, next));
    }

    /// <summary>Everything directly in a folder, however much, read a page at a time.</summary>
    public async IAsyncEnumerable<ArtifactEntry> ListEntriesAsync(ArtifactPath folder, [EnumeratorCancellation] CancellationToken ct)
    {
        string? from = null;
        do
        {
            var (entries, next) = await listing.ListAsync(folder, PageEntries, from, ct);
            foreach (var entry in entries)
            {
                yield return entry;
            }
            from = next;
        }
        while (from is not null);
    }

    /// <summary>Every file below a folder, in the order of their keys.</summary>
    public async IAsyncEnumerable<StoredFile> ListAllAsync(ArtifactPath folder, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in files.ListRowsAsync(folder, ct))
        {
            var state = FileRow.To(row);
            if ((state.Staged is null ? state.File : await staged.SettleAsync(state, ct)) is { } file)
            {
                yield return file;
            }
        }
    }

    /// <summary>The bytes of a file, as a stream that reads what is asked for.</summary>
    public Stream Open(StoredFile file) => contents.Open(file);

    /// <summary>Deletes a file, or a folder with everything in it; what is not there is deleted already. Bytes that no file has any more go later, by the sweep.</summary>
    public async Task<Failure?> DeleteAsync(ArtifactPath path, CancellationToken ct)
    {
        if (path.IsRoot)
        {
            return new Failure.Invalid("path", "Invalid path: all files of the store cannot be deleted at once.");
        }
        var rows = new List<TableEntity>();
        await foreach (var row in files.ListRowsAsync(path, ct))
        {
            if (rows.Count == RowsAtOnce || (rows.Count > 0 && rows[0].PartitionKey != row.PartitionKey))
            {
                await RemoveAsync();
            }
            rows.Add(row);
        }
        await RemoveAsync();
        if (await files.FindRowAsync(path, ct) is { } own)
        {
            await files.RemoveAsync([own], ct);
        }
        return null;

        async Task RemoveAsync()
        {
            await files.RemoveAsync(rows, ct);
            rows.Clear();
        }
    }
}
