using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Uploads and downloads that go straight to storage, past this store. What is put there is listed at once, and hashed and taken in at its first read or by the
/// timer. An address for a whole file lets its holder write once; parts may be written again until they are complete, so what they make is copied first.
/// </summary>
public sealed class DirectUploads
{
    public const int MaxParts = 10_000;
    private static readonly TimeSpan PartsGoodFor = TimeSpan.FromDays(1);

    private readonly StorageClients storage;
    private readonly FileTable files;
    private readonly StagedUploads staged;
    private readonly PresignedAddresses addresses;
    private readonly ArtifactsClock clock;

    internal DirectUploads(StorageClients storage, FileTable files, StagedUploads staged, PresignedAddresses addresses, ArtifactsClock clock) =>
        (this.storage, this.files, this.staged, this.addresses, this.clock) = (storage, files, staged, addresses, clock);

    /// <summary>The longest that an address is good for.</summary>
    public static TimeSpan Longest => PresignedAddresses.Longest;

    /// <summary>An address to which the bytes of a path may be put: one operation. Until they are there, the path has what it had.</summary>
    public async Task<Result<PresignedUpload>> PresignAsync(ArtifactPath path, TimeSpan goodFor, CancellationToken ct)
    {
        var upload = new StagedUpload(ContentKeys.Direct + ContentKeys.NewId(), ContentTypes.Guess(path.Name), clock.Now + goodFor);
        if (await StageAsync(path, upload, WriteId.New(), ct) is { } refused)
        {
            return refused;
        }
        // To create, not to write: what is there once cannot be changed any more.
        var address = await addresses.OfAsync(upload.Blob, BlobSasPermissions.Create, goodFor, null, ct);
        return new PresignedUpload(address, new Dictionary<string, string>(StringComparer.Ordinal) { ["x-ms-blob-type"] = "BlockBlob" });
    }

    /// <summary>An address from which a file may be read.</summary>
    public Task<Uri> PresignAsync(StoredFile file, TimeSpan goodFor, CancellationToken ct) => addresses.OfAsync(file.Blob, BlobSasPermissions.Read, goodFor, file.Path.Name, ct);

    /// <summary>Begins an upload in parts: no operation.</summary>
    public async Task<MultipartUpload> BeginAsync(int parts, CancellationToken ct)
    {
        var id = ContentKeys.NewId();
        var address = await addresses.OfAsync(ContentKeys.Parts + id, BlobSasPermissions.Write, PartsGoodFor, null, ct);
        return new MultipartUpload(id, [.. Enumerable.Range(1, parts).Select(part => new Uri($"{address}&comp=block&blockid={Uri.EscapeDataString(BlockOf(part))}"))]);
    }

    /// <summary>Makes a file of parts, by their numbers in order; may be repeated.</summary>
    public async Task<Result<StoredFile>> CompleteAsync(ArtifactPath path, string id, ImmutableArray<int> parts, CancellationToken ct)
    {
        if (!IsId(id))
        {
            return NoSuch(id);
        }
        var blob = ContentKeys.Parts + id;
        try
        {
            await storage.Contents.GetBlockBlobClient(blob).CommitBlockListAsync(parts.Select(BlockOf), cancellationToken: ct);
        }
        catch (RequestFailedException refused) when (refused.ErrorCode == BlobErrorCode.InvalidBlockList || refused.Status is 400)
        {
            // Either a part is missing, or the parts were completed before and the answer was lost.
            return await files.FindAsync(path, ct) is { } present && present.Write == id && await staged.SettleAsync(present, ct) is { } file
                ? file
                : new Failure.Invalid("parts", "Not every part was put: put the missing ones and complete again, or abort.");
        }
        if (await StageAsync(path, new StagedUpload(blob, ContentTypes.Guess(path.Name), clock.Now + PartsGoodFor), id, ct) is { } failure)
        {
            return failure;
        }
        return await files.FindAsync(path, ct) is { } state && await staged.SettleAsync(state, ct) is { } settled ? settled : NoSuch(id);
    }

    /// <summary>Gives the parts up; may be repeated.</summary>
    public async Task<Failure?> AbortAsync(string id, CancellationToken ct)
    {
        if (!IsId(id))
        {
            return NoSuch(id);
        }
        var blob = storage.Contents.GetBlockBlobClient(ContentKeys.Parts + id);
        // Parts without a list are dropped when the blob they would be is written, here empty.
        await blob.CommitBlockListAsync([], cancellationToken: ct);
        await blob.DeleteIfExistsAsync(cancellationToken: ct);
        return null;
    }

    private async Task<Failure?> StageAsync(ArtifactPath path, StagedUpload upload, string write, CancellationToken ct) => path.IsRoot
        ? new Failure.Invalid("path", "Invalid path: a file needs a name.")
        : await files.PutAsync(path, write, present => FileRow.From(path, present?.File, upload, write), ct);

    private static string BlockOf(int part) => Convert.ToBase64String(Encoding.ASCII.GetBytes(part.ToString("d8", CultureInfo.InvariantCulture)));

    private static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);

    private static Failure.NotFound NoSuch(string id) => new("Upload", id.Length > 100 ? id[..100] : id);
}
