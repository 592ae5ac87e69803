using System.Collections.Immutable;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Reads stored bytes again and compares them with what was recorded. What differs is noted beside the content's claim, and the next upload of the right bytes
/// takes the claim over.
/// </summary>
public sealed class ContentVerifier
{
    private readonly StorageClients storage;
    private readonly ContentStore contents;
    private readonly FileTable files;
    private readonly ArtifactsClock clock;

    internal ContentVerifier(StorageClients storage, ContentStore contents, FileTable files, ArtifactsClock clock) =>
        (this.storage, this.contents, this.files, this.clock) = (storage, contents, files, clock);

    /// <summary>The file, when its bytes are those that were stored; or were stored again elsewhere since its own were damaged, and then it has those from now on.</summary>
    public async Task<Result<StoredFile>> VerifyAsync(StoredFile file, CancellationToken ct)
    {
        var stored = new ContentDigests(file.Size, file.Md5, file.Sha256);
        var found = await HashAsync(file.Blob, ct);
        if (found == stored)
        {
            return file;
        }
        contents.Forget(file.Sha256);
        if (await contents.FindClaimAsync(file.Sha256, ct) is { IsDamaged: false } claim && claim.Blob != file.Blob && await HashAsync(claim.Blob, ct) == stored)
        {
            var mended = file with { Blob = claim.Blob };
            if (await files.FindAsync(file.Path, ct) is { } state && state.File == file)
            {
                await files.TryReplaceAsync(state, FileRow.Mended(state, mended), Caller.Store, ct);
            }
            return mended;
        }
        await RecordAsync(file, found, ct);
        return new Failure.Corrupt("File", file.Path.ToString());
    }

    /// <summary>The faults that were found in some content, oldest first.</summary>
    public async Task<ImmutableArray<ContentFault>> ListFaultsAsync(string sha256, CancellationToken ct)
    {
        var (partition, (from, below)) = (ContentKeys.Partition(sha256), ContentKeys.Faults(sha256));
        var faults = ImmutableArray.CreateBuilder<ContentFault>();
        await foreach (var row in storage.ContentClaims.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {below}"), 1000, cancellationToken: ct))
        {
            faults.Add(new ContentFault(
                row.GetDateTimeOffset("at")!.Value,
                row.GetString("blob"),
                row.GetString("path"),
                row.GetString("sha") is { } sha ? new ContentDigests(row.GetInt64("size")!.Value, row.GetString("md5"), sha) : null));
        }
        return faults.ToImmutable();
    }

    private async Task<ContentDigests?> HashAsync(string blob, CancellationToken ct)
    {
        try
        {
            var download = await contents.Blob(blob).DownloadStreamingAsync(cancellationToken: ct);
            await using var bytes = download.Value.Content;
            return await ContentHasher.HashAsync(bytes, ct);
        }
        catch (RequestFailedException absent) when (absent.Status is 404)
        {
            return null;
        }
    }

    private async Task RecordAsync(StoredFile file, ContentDigests? found, CancellationToken ct)
    {
        var row = new TableEntity(ContentKeys.Partition(file.Sha256), ContentKeys.Fault(file.Sha256, file.Blob))
        {
            ["at"] = clock.Now,
            ["blob"] = file.Blob,
            ["path"] = file.Path.ToString(),
        };
        if (found is not null)
        {
            row["size"] = found.Size;
            row["md5"] = found.Md5;
            row["sha"] = found.Sha256;
        }
        try
        {
            await storage.ContentClaims.AddEntityAsync(row, ct);
        }
        catch (RequestFailedException known) when (known.Status is 409)
        {
            // It was found before.
        }
        if (await contents.FindClaimAsync(file.Sha256, ct) is { } claim && claim.Blob == file.Blob)
        {
            try
            {
                await storage.ContentClaims.UpdateEntityAsync(ContentClaimRow.Damaged(file.Sha256), claim.ETag, TableUpdateMode.Merge, ct);
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 412)
            {
                // The claim changed just now; the next verification says it again.
            }
        }
    }
}
