using System.Buffers;
using System.Globalization;
using System.Text;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Sends a body of any size to a new blob in blocks of 4 MiB, a few at a time, hashing as they pass. The blob appears when the last block is there and the
/// digests are those that were declared: a body that is cut leaves nothing.
/// </summary>
internal sealed class UploadStream(StorageClients storage, BlockBuffers buffers)
{
    private const int BlocksAtOnce = 3;
    private const int MaxBlocks = 50_000;

    // A body that trickles must not hold a block for ever.
    private static readonly TimeSpan BlockWithin = TimeSpan.FromMinutes(5);

    // Below this a buffer of its own size is rented, so that small files do not take a block each.
    private const int SmallBytes = 256 * 1024;

    /// <param name="body">Read to its end.</param>
    /// <param name="declared">What must turn out so.</param>
    /// <param name="known">The blob that has the bytes of a SHA-256 already, if that is known: then a small body is not sent.</param>
    /// <param name="ct">The uploader went away.</param>
    public async Task<Result<(ContentDigests Content, string Blob)>> SendAsync(Stream body, DeclaredContent declared, Func<string, string?> known, CancellationToken ct)
    {
        if (declared.Size is < SmallBytes and var size)
        {
            var small = ArrayPool<byte>.Shared.Rent((int)size + 1);
            try
            {
                var length = await FillAsync(body, small.AsMemory(0, (int)size + 1), ct);
                return await SendWholeAsync(small.AsMemory(0, length), declared, known, ct);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(small);
            }
        }
        if (await buffers.RentAsync(ct) is not { } block)
        {
            return Busy();
        }
        var first = 0;
        try
        {
            first = await FillAsync(body, block, ct);
            if (first < block.Length)
            {
                return await SendWholeAsync(block.AsMemory(0, first), declared, known, ct);
            }
        }
        finally
        {
            if (first < block.Length)
            {
                buffers.Return(block);
            }
        }
        return await SendBlocksAsync(body, block, declared, ct);
    }

    private async Task<Result<(ContentDigests Content, string Blob)>> SendWholeAsync(ReadOnlyMemory<byte> bytes, DeclaredContent declared, Func<string, string?> known, CancellationToken ct)
    {
        using var hasher = new ContentHasher();
        hasher.Append(bytes.Span);
        var content = hasher.Finish();
        if (declared.Refuse(content) is { } refused)
        {
            return refused;
        }
        if (known(content.Sha256) is { } blob)
        {
            return (content, blob);
        }
        blob = ContentKeys.NewBlob();
        await storage.Contents.GetBlockBlobClient(blob).UploadAsync(BinaryData.FromBytes(bytes).ToStream(), new BlobUploadOptions { HttpHeaders = HeadersOf(content) }, ct);
        return (content, blob);
    }

    private async Task<Result<(ContentDigests Content, string Blob)>> SendBlocksAsync(Stream body, byte[] first, DeclaredContent declared, CancellationToken ct)
    {
        var blob = ContentKeys.NewBlob();
        var client = storage.Contents.GetBlockBlobClient(blob);
        var blocks = new List<string>();
        var sending = new Queue<Task>();
        using var hasher = new ContentHasher();
        var hashing = Task.CompletedTask;
        var (block, length) = ((byte[]?)first, first.Length);
        try
        {
            while (length > 0)
            {
                if (blocks.Count == MaxBlocks)
                {
                    return new Failure.Invalid("body", $"A file has up to {(long)MaxBlocks * BlockBuffers.BlockBytes} bytes here; put larger ones straight into storage, in parts.");
                }
                blocks.Add(Convert.ToBase64String(Encoding.ASCII.GetBytes(blocks.Count.ToString("d8", CultureInfo.InvariantCulture))));
                hashing = HashAsync(hashing, hasher, block.AsMemory(0, length));
                sending.Enqueue(SendBlockAsync(client, blocks[^1], block!, length, hashing, ct));
                block = null;
                if (sending.Count == BlocksAtOnce)
                {
                    await sending.Dequeue();
                }
                block = await buffers.RentAsync(ct);
                if (block is null)
                {
                    return Busy();
                }
                length = await FillAsync(body, block, ct);
            }
            await Task.WhenAll(sending);
        }
        finally
        {
            // Every block must be back before the upload is left, by whichever way.
            await Task.WhenAll(sending).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (block is not null)
            {
                buffers.Return(block);
            }
        }
        var content = hasher.Finish();
        if (declared.Refuse(content) is { } refused)
        {
            // Blocks that are never listed are no blob; storage forgets them.
            return refused;
        }
        await client.CommitBlockListAsync(blocks, new CommitBlockListOptions { HttpHeaders = HeadersOf(content) }, ct);
        return (content, blob);
    }

    private static async Task HashAsync(Task before, ContentHasher hasher, ReadOnlyMemory<byte> bytes)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        hasher.Append(bytes.Span);
    }

    private async Task SendBlockAsync(BlockBlobClient client, string id, byte[] block, int length, Task hashing, CancellationToken ct)
    {
        try
        {
            using var bytes = new MemoryStream(block, 0, length, writable: false);
            await client.StageBlockAsync(id, bytes, cancellationToken: ct);
        }
        finally
        {
            await hashing;
            buffers.Return(block);
        }
    }

    private static async Task<int> FillAsync(Stream body, Memory<byte> into, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(BlockWithin);
        try
        {
            return await body.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, patience.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body came too slowly.", StatusCodes.Status408RequestTimeout, late);
        }
    }

    // The blob's own description, for whoever reads storage directly: never something that a browser would run.
    private static BlobHttpHeaders HeadersOf(ContentDigests content) => new() { ContentType = "application/octet-stream", ContentHash = Convert.FromHexString(content.Md5) };

    private static Failure.Busy Busy() => new("Upload", "of a file", TimeSpan.FromSeconds(5));
}
