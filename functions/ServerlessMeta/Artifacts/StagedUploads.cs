using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Bytes that uploaders put straight into storage: hashed and given to their path at the first read, or by the timer. Until then the path has what it had before.
/// </summary>
internal sealed class StagedUploads(StorageClients storage, ContentStore contents, FileTable files, PresignedAddresses addresses, FileEffects effects, ArtifactsClock clock)
{
    private const int Attempts = 20;
    private static readonly TimeSpan CopyWithin = TimeSpan.FromHours(1);
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>How many bytes are there; null: none yet.</summary>
    public async Task<long?> FindSizeAsync(StagedUpload staged, CancellationToken ct) => (await FindPropertiesAsync(staged.Blob, ct))?.ContentLength;

    /// <summary>What the path has now, with the bytes that were put there taken in.</summary>
    public async Task<StoredFile?> SettleAsync(FileState state, CancellationToken ct)
    {
        for (var attempt = 0; attempt < Attempts && state.Staged is { } staged; attempt++)
        {
            if (await FindPropertiesAsync(staged.Blob, ct) is not { } there)
            {
                return state.File;
            }
            if (await HashAsync(staged, there.ETag, ct) is { } content)
            {
                // From here on to the end, whoever asked: half of it would have to be done again.
                using var patience = new CancellationTokenSource(SettlesWithin);
                if (await TrySettleAsync(state, staged, content, there, patience.Token) is { } file)
                {
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
            await files.TryReplaceAsync(state, FileRow.From(file, state.Write), Caller.Store, ct);
        }
        else
        {
            await files.TryRemoveAsync(state, ct);
        }
    }

    // Null: the path has something else by now.
    private async Task<StoredFile?> TrySettleAsync(FileState state, StagedUpload staged, ContentDigests content, BlobProperties there, CancellationToken ct)
    {
        var own = staged.IsRewritable ? await CopyAsync(staged.Blob, there.ETag, content.Size, ct) : staged.Blob;
        if (own is null)
        {
            return null;
        }
        var holder = await contents.ClaimAsync(content, own, ct);
        var file = new StoredFile
        {
            Path = state.Path,
            Blob = holder,
            Size = content.Size,
            Md5 = content.Md5,
            Sha256 = content.Sha256,
            ContentType = staged.ContentType,
            StoredAt = there.LastModified,
        };
        // Before the row, for they may be done twice, and nobody would do them later.
        await effects.ApplyAsync(file, ct);
        if (!await files.TryReplaceAsync(state, FileRow.From(file, state.Write), staged.By ?? Caller.Store, ct))
        {
            return null;
        }
        foreach (var blob in new[] { staged.Blob, own }.Distinct(StringComparer.Ordinal).Where(blob => blob != holder))
        {
            await contents.DiscardAsync(blob);
        }
        return file;
    }

    // Null: the bytes changed while they were hashed.
    private async Task<ContentDigests?> HashAsync(StagedUpload staged, ETag etag, CancellationToken ct)
    {
        try
        {
            var download = await contents.Blob(staged.Blob).DownloadStreamingAsync(new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = etag } }, ct);
            await using var bytes = download.Value.Content;
            return await ContentHasher.HashAsync(bytes, ct);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return null;
        }
    }

    // Whoever has the address could write there again; nobody can where the copy lies. Null: the bytes changed.
    private async Task<string?> CopyAsync(string from, ETag etag, long size, CancellationToken ct)
    {
        var blob = ContentKeys.NewBlob();
        var target = storage.Contents.GetBlobClient(blob);
        try
        {
            var source = await addresses.OfAsync(from, BlobSasPermissions.Read, CopyWithin, null, ct);
            await target.StartCopyFromUriAsync(source, new BlobCopyFromUriOptions { SourceConditions = new BlobRequestConditions { IfMatch = etag } }, ct);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return null;
        }
        catch (RequestFailedException repeated) when (repeated.Status is 409)
        {
            // It was begun, and the answer was lost.
        }
        while (true)
        {
            var copy = (await target.GetPropertiesAsync(cancellationToken: ct)).Value;
            if (copy.BlobCopyStatus is CopyStatus.Success && copy.ContentLength == size)
            {
                return blob;
            }
            if (copy.BlobCopyStatus is not CopyStatus.Pending)
            {
                await contents.DiscardAsync(blob);
                return null;
            }
            await Task.Delay(PollEvery, TimeProvider.System, ct);
        }
    }

    // Null: nothing is there, or nothing that can be read as the bytes of a file: another kind of blob, one under a key of its writer's own, one still being copied.
    private async Task<BlobProperties?> FindPropertiesAsync(string blob, CancellationToken ct)
    {
        try
        {
            var there = (await storage.Contents.GetBlobBaseClient(blob).GetPropertiesAsync(cancellationToken: ct)).Value;
            return there.BlobType is BlobType.Block && there.BlobCopyStatus is null or CopyStatus.Success && there.AccessTier != AccessTier.Archive.ToString() ? there : null;
        }
        catch (RequestFailedException unreadable) when (unreadable.Status is 400 or 403 or 404 or 409)
        {
            return null;
        }
    }
}
