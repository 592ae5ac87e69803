using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Takes away what no file needs: content that two sweeps, the grace time apart, found without a file, and blobs that a crash left without a claim. Content that is
/// given to a file meanwhile is spared: whoever gives it has changed the claim's ETag, or the claim is younger than the grace time. It may run twice at once, late,
/// or half way. Memory is bounded: of a large store it takes a slice at a time, each reading all rows again, a thousand an operation.
/// </summary>
public sealed class ContentSweep
{
    private const int SliceEntries = 200_000;
    private static readonly string[] FileColumns = ["sha", "blob", "sblob"];

    private readonly StorageClients storage;
    private readonly ContentStore contents;
    private readonly ArtifactsClock clock;

    internal ContentSweep(StorageClients storage, ContentStore contents, ArtifactsClock clock) => (this.storage, this.contents, this.clock) = (storage, contents, clock);

    public async Task RunAsync(CancellationToken ct)
    {
        for (var (slice, slices) = (0, 1); slice < slices;)
        {
            if (await TrySweepAsync(slice, slices, ct))
            {
                slice++;
            }
            else
            {
                // Too much for one slice: from the start, in smaller ones.
                (slice, slices) = (0, slices * 4);
            }
        }
    }

    private async Task<bool> TrySweepAsync(int slice, int slices, CancellationToken ct)
    {
        // First which blobs and claims are old, then what is used: what is stored meanwhile is in neither list, or in the second.
        var old = new Dictionary<UInt128, string>();
        await foreach (var blob in storage.Contents.GetBlobsAsync(cancellationToken: ct))
        {
            if (IsIn(IdOf(blob.Name), slice, slices) && clock.Now - blob.Properties.LastModified > clock.Grace && !TryAdd(old, IdOf(blob.Name), blob.Name))
            {
                return false;
            }
        }
        var (from, below) = ContentKeys.Claims;
        var idle = new Dictionary<UInt128, ContentClaim>();
        await foreach (var row in storage.ContentClaims.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"RowKey ge {from} and RowKey lt {below}"), 1000, cancellationToken: ct))
        {
            var claim = ContentClaimRow.To(row);
            old.Remove(IdOf(claim.Blob));
            if (IsIn(DigestOf(claim.Content.Sha256), slice, slices) && clock.Now - claim.ClaimedAt >= clock.Grace && !TryAdd(idle, DigestOf(claim.Content.Sha256), claim))
            {
                return false;
            }
        }
        var (first, last) = FileKeys.Files;
        await foreach (var row in storage.Files.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"RowKey ge {first} and RowKey lt {last}"), 1000, FileColumns, ct))
        {
            if (row.GetString("sha") is { } sha)
            {
                idle.Remove(DigestOf(sha));
                old.Remove(IdOf(row.GetString("blob")));
            }
            if (row.GetString("sblob") is { } staged)
            {
                old.Remove(IdOf(staged));
            }
        }
        foreach (var claim in idle.Values)
        {
            await TakeAsync(claim, ct);
        }
        foreach (var blob in old.Values)
        {
            await contents.DiscardAsync(blob);
        }
        return true;
    }

    private async Task TakeAsync(ContentClaim claim, CancellationToken ct)
    {
        try
        {
            if (claim.LostAt is not { } lost)
            {
                await storage.ContentClaims.UpdateEntityAsync(ContentClaimRow.Lost(claim.Content.Sha256, clock.Now), claim.ETag, TableUpdateMode.Merge, ct);
            }
            else if (clock.Now - lost >= clock.Grace)
            {
                await storage.ContentClaims.DeleteEntityAsync(ContentKeys.Partition(claim.Content.Sha256), ContentKeys.Claim(claim.Content.Sha256), claim.ETag, ct);
                contents.Forget(claim.Content.Sha256);
                await contents.DiscardAsync(claim.Blob);
                await DiscardPreviewsAsync(claim.Content.Sha256, ct);
            }
        }
        catch (RequestFailedException used) when (used.Status is 404 or 412)
        {
            // It is in use again, or another sweep took it.
        }
    }

    private async Task DiscardPreviewsAsync(string sha256, CancellationToken ct)
    {
        await foreach (var preview in storage.Previews.GetBlobsAsync(BlobTraits.None, BlobStates.None, PreviewKeys.Folder(sha256), ct))
        {
            await storage.Previews.DeleteBlobIfExistsAsync(preview.Name, cancellationToken: ct);
        }
    }

    private static bool TryAdd<T>(Dictionary<UInt128, T> all, UInt128 key, T value)
    {
        all[key] = value;
        return all.Count <= SliceEntries;
    }

    private static bool IsIn(UInt128 id, int slice, int slices) => (int)(id % (UInt128)(uint)slices) == slice;

    // Blobs are named by 128 random bits behind a letter that says how they came.
    private static UInt128 IdOf(string blob) => UInt128.TryParse(blob.AsSpan(blob.IndexOf('/', StringComparison.Ordinal) + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private static UInt128 DigestOf(string sha256) => UInt128.Parse(sha256.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
