using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Bytes that uploaders put straight into storage: hashed and given to their path at the first read, or by the timer. Until then the path has what it had before.
/// </summary>
internal sealed class StagedUploads(StorageClients storage, ContentStore contents, FileTable files, PresignedAddresses addresses, FileEffects effects, ArtifactsClock clock)
{
    private static readonly TimeSpan CopyWithin = TimeSpan.FromHours(1);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>How many bytes are there; null: none yet.</summary>
    public async Task<long?> FindSizeAsync(StagedUpload staged, CancellationToken ct) => (await FindPropertiesAsync(staged.Blob, ct))?.ContentLength;

    /// <summary>What the path has now, with the bytes that were put there taken in.</summary>
    public async Task<StoredFile?> SettleAsync(FileState state, CancellationToken ct)
    {
        while (state.Staged is { } staged)
        {
            if (await FindPropertiesAsync(staged.Blob, ct) is not { } there)
            {
                return state.File;
            }
            if (await TakeAsync(staged, there.ETag, ct) is { } taken)
            {
                var file = new StoredFile
                {
                    Path = state.Path,
                    Blob = taken.Blob,
                    Size = taken.Content.Size,
                    Md5 = taken.Content.Md5,
                    Sha256 = taken.Content.Sha256,
                    ContentType = staged.ContentType,
                    StoredAt = there.LastModified,
                };
                if (await files.TryReplaceAsync(state, FileRow.From(file, state.Write), ct))
                {
                    if (taken.Blob != staged.Blob)
                    {
                        await contents.DiscardAsync(staged.Blob);
                    }
                    await effects.ApplyAsync(file, ct);
                    return file;
                }
            }
            if (await files.FindAsync(state.Path, ct) is not { } now)
            {
                return null;
            }
            state = now;
        }
        return state.File;
    }

    /// <summary>Forgets bytes that never came, long after their address was good.</summary>
    public async Task ExpireAsync(FileState state, CancellationToken ct)
    {
        if (state.Staged is not { } staged || clock.Now - staged.ExpiresAt < clock.Grace)
        {
            return;
        }
        if (state.File is { } file)
        {
            await files.TryReplaceAsync(state, FileRow.From(file, state.Write), ct);
        }
        else
        {
            await files.TryRemoveAsync(state, ct);
        }
    }

    // Null: the bytes changed while they were hashed.
    private async Task<(ContentDigests Content, string Blob)?> TakeAsync(StagedUpload staged, ETag etag, CancellationToken ct)
    {
        var client = contents.Blob(staged.Blob);
        ContentDigests content;
        try
        {
            var download = await client.DownloadStreamingAsync(new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = etag } }, ct);
            await using var bytes = download.Value.Content;
            content = await ContentHasher.HashAsync(bytes, ct);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return null;
        }
        var blob = staged.IsRewritable ? await CopyAsync(staged.Blob, etag, ct) : staged.Blob;
        return blob is null ? null : (content, await contents.ClaimAsync(content, blob, ct));
    }

    // Whoever has the address could write there again; nobody can where the copy lies.
    private async Task<string?> CopyAsync(string from, ETag etag, CancellationToken ct)
    {
        var blob = ContentKeys.NewBlob();
        var target = storage.Contents.GetBlobClient(blob);
        try
        {
            var source = await addresses.OfAsync(from, BlobSasPermissions.Read, CopyWithin, null, ct);
            var copying = await target.StartCopyFromUriAsync(source, new BlobCopyFromUriOptions { SourceConditions = new BlobRequestConditions { IfMatch = etag } }, ct);
            await copying.WaitForCompletionAsync(PollEvery, ct);
            return blob;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return null;
        }
    }

    private async Task<BlobProperties?> FindPropertiesAsync(string blob, CancellationToken ct)
    {
        try
        {
            return await storage.Contents.GetBlobBaseClient(blob).GetPropertiesAsync(cancellationToken: ct);
        }
        catch (RequestFailedException absent) when (absent.Status is 404)
        {
            return null;
        }
    }
}
