using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Bytes by their content: the same bytes are kept once. They stream to a blob of a random name; then a claim row, SHA-256 to blob, decides which blob has them.
/// A crash between the two leaves a blob that nothing names, which the sweep takes away.
/// </summary>
internal sealed class ContentStore(StorageClients storage, UploadStream uploads, ArtifactsClock clock)
{
    private const int KnownClaims = 8192;
    private static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CleanUpWithin = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, (string Blob, DateTimeOffset ClaimedAt, DateTimeOffset SeenAt)> known = new(StringComparer.Ordinal);

    /// <summary>Stores bytes: two operations when they are new and up to 4 MiB, more by one for each 4 MiB beyond; none when this instance stored them before.</summary>
    /// <returns>The digests and the blob that has the bytes.</returns>
    public async Task<Result<(ContentDigests Content, string Blob)>> PutAsync(Stream body, DeclaredContent declared, CancellationToken ct)
    {
        var sent = await uploads.SendAsync(body, declared, Known, ct);
        if (!sent.IsOk)
        {
            return sent.Failure;
        }
        var holder = await ClaimAsync(sent.Value.Content, sent.Value.Blob, ct);
        if (holder != sent.Value.Blob)
        {
            await DiscardAsync(sent.Value.Blob);
        }
        return (sent.Value.Content, holder);
    }

    /// <summary>The blob that has bytes which lie in <paramref name="blob"/> too: that one, or one that had them before; then the caller discards its own when no file needs it.</summary>
    public async Task<string> ClaimAsync(ContentDigests content, string blob, CancellationToken ct)
    {
        if (Known(content.Sha256) == blob)
        {
            return blob;
        }
        var write = WriteId.New();
        while (true)
        {
            var now = clock.Now;
            try
            {
                var row = ContentClaimRow.From(content, blob, now, write);
                TableLimits.Weigh(row);
                await storage.ContentClaims.AddEntityAsync(row, ct);
                return Remember(content.Sha256, blob, now);
            }
            catch (RequestFailedException taken) when (taken.Status is 409)
            {
                // Someone claimed these bytes before; perhaps ourselves, and the answer was lost.
            }
            if (await FindClaimRowAsync(content.Sha256, ct) is not { } found)
            {
                continue;
            }
            if (found.GetString(WriteId.Property) == write)
            {
                return Remember(content.Sha256, blob, now);
            }
            if (await TryJoinAsync(ContentClaimRow.To(found), content, blob, write, now, ct) is { } holder)
            {
                return holder;
            }
        }
    }

    public async Task<ContentClaim?> FindClaimAsync(string sha256, CancellationToken ct) =>
        await FindClaimRowAsync(sha256, ct) is { } row ? ContentClaimRow.To(row) : null;

    /// <summary>The bytes of a file, as a stream that reads what is asked for.</summary>
    public Stream Open(StoredFile file) => new ContentReadStream(
        Blob(file.Blob), file.Size, async ct => await FindClaimAsync(file.Sha256, ct) is { IsDamaged: false } claim ? Blob(claim.Blob) : null);

    public BlobClient Blob(string name) => storage.Contents.GetBlobClient(name);

    /// <summary>Takes a blob away that no file has; what is left after a fault goes with the sweep.</summary>
    public async Task DiscardAsync(string blob)
    {
        using var patience = new CancellationTokenSource(CleanUpWithin);
        try
        {
            await Blob(blob).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: patience.Token);
        }
        catch (RequestFailedException leased) when (leased.Status is 412)
        {
            await BreakLeaseAsync(blob, patience.Token);
        }
        catch (Exception failed) when (Outage.IsAmbiguous(failed) || failed is RequestFailedException)
        {
            // The next sweep finds it.
        }
    }

    // Whoever had an address to write there may have leased it for ever.
    private async Task BreakLeaseAsync(string blob, CancellationToken ct)
    {
        try
        {
            await Blob(blob).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: ct);
            await Blob(blob).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: ct);
        }
        catch (Exception failed) when (Outage.IsAmbiguous(failed) || failed is RequestFailedException)
        {
            // The next sweep tries again.
        }
    }

    internal void Forget(string sha256) => known.TryRemove(sha256, out _);

    // Another file has these bytes: use its blob, and say so before a sweep could think that nobody does. Null: the claim changed meanwhile.
    private async Task<string?> TryJoinAsync(ContentClaim claim, ContentDigests content, string blob, string write, DateTimeOffset now, CancellationToken ct)
    {
        var isFresh = claim.LostAt is null && now - claim.ClaimedAt < clock.TouchAfter;
        if (isFresh && !claim.IsDamaged)
        {
            return Remember(content.Sha256, claim.Blob, claim.ClaimedAt);
        }
        try
        {
            if (claim.IsDamaged)
            {
                // These bytes are right again.
                await storage.ContentClaims.UpdateEntityAsync(ContentClaimRow.From(content, blob, now, write), claim.ETag, TableUpdateMode.Replace, ct);
                return Remember(content.Sha256, blob, now);
            }
            await storage.ContentClaims.UpdateEntityAsync(ContentClaimRow.Touched(content.Sha256, now), claim.ETag, TableUpdateMode.Merge, ct);
            return Remember(content.Sha256, claim.Blob, now);
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 412)
        {
            return null;
        }
    }

    private async Task<TableEntity?> FindClaimRowAsync(string sha256, CancellationToken ct)
    {
        var row = await storage.ContentClaims.GetEntityIfExistsAsync<TableEntity>(ContentKeys.Partition(sha256), ContentKeys.Claim(sha256), cancellationToken: ct);
        return row.HasValue ? row.Value : null;
    }

    // The blob of bytes that this instance saw claimed minutes ago: no sweep can have taken them, and hardly anyone found them damaged.
    private string? Known(string sha256) => known.TryGetValue(sha256, out var claim) && clock.Now - claim.SeenAt < KnownFor && clock.Now - claim.ClaimedAt < clock.TouchAfter ? claim.Blob : null;

    private string Remember(string sha256, string blob, DateTimeOffset at)
    {
        if (known.Count >= KnownClaims)
        {
            known.Clear();
        }
        known[sha256] = (blob, at, clock.Now);
        return blob;
    }
}
