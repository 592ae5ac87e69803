using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Uploads and downloads that go straight to storage, past this store. What is put there is listed at once, and hashed and taken in at its first read or by the
/// timer. An address for a whole file lets its holder write once; parts may be written again until they are complete, so what they make is copied first.
/// </summary>
public sealed class DirectUploads
{
    public const int MaxParts = 10_000;
    private const long SettledAtOnceBytes = 4L * 1024 * 1024 * 1024;
    private static readonly TimeSpan PartsGoodFor = TimeSpan.FromDays(1);

    // If-None-Match: *
    private static readonly BlobRequestConditions WhenAbsent = new() { IfNoneMatch = new ETag("*") };

    private readonly StorageClients storage;
    private readonly FileTable files;
    private readonly StagedUploads staged;
    private readonly PresignedAddresses addresses;
    private readonly ArtifactsClock clock;

    internal DirectUploads(StorageClients storage, FileTable files, StagedUploads staged, PresignedAddresses addresses, ArtifactsClock clock) =>
        (this.storage, this.files, this.staged, this.addresses, this.clock) = (storage, files, staged, addresses, clock);

    /// <summary>The longest that an address is good for.</summary>
    public static TimeSpan Longest => PresignedAddresses.Longest;

    /// <summary>An address to which the bytes of a path may be put, up to 5,000 MiB at once: one operation. Until they are there, the path has what it had.</summary>
    public async Task<Result<PresignedUpload>> PresignAsync(ArtifactPath path, TimeSpan goodFor, CancellationToken ct)
    {
        var upload = new StagedUpload(ContentKeys.Direct + ContentKeys.NewId(), ContentTypes.Guess(path.Name), clock.Now + goodFor, Caller.Current);
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

    /// <summary>
    /// Makes a file of parts, by their numbers in order; may be repeated. It is listed when this is answered; up to 4 GiB it is hashed and copied before, beyond that
    /// at its first read or by the timer.
    /// </summary>
    public async Task<Failure?> CompleteAsync(ArtifactPath path, string id, ImmutableArray<int> parts, CancellationToken ct)
    {
        if (!IsId(id))
        {
            return NoSuch(id);
        }
        if (await CommitAsync(path, id, parts, ct) is { } refused)
        {
            return refused;
        }
        if (await StageAsync(path, new StagedUpload(ContentKeys.Parts + id, ContentTypes.Guess(path.Name), clock.Now + PartsGoodFor, Caller.Current), id, ct) is { } failure)
        {
            return failure;
        }
        if (await files.FindAsync(path, ct) is { Staged: { } upload } state && state.Write == id && await staged.FindSizeAsync(upload, ct) <= SettledAtOnceBytes)
        {
            await staged.SettleAsync(state, ct);
        }
        return null;
    }

    /// <summary>Gives the parts up; may be repeated. What is complete already stays.</summary>
    public async Task<Failure?> AbortAsync(string id, CancellationToken ct)
    {
        if (!IsId(id))
        {
            return NoSuch(id);
        }
        var blob = storage.Contents.GetBlockBlobClient(ContentKeys.Parts + id);
        try
        {
            // Parts without a list are dropped when the blob they would be is written, here empty.
            await blob.CommitBlockListAsync([], new CommitBlockListOptions { Conditions = WhenAbsent }, ct);
            await blob.DeleteIfExistsAsync(cancellationToken: ct);
        }
        catch (RequestFailedException complete) when (complete.Status is 409 or 412)
        {
            // A file has it, or the sweep takes it.
        }
        return null;
    }

    // Once only: a repeated call finds the blob, or the file that it became.
    private async Task<Failure?> CommitAsync(ArtifactPath path, string id, ImmutableArray<int> parts, CancellationToken ct)
    {
        var blob = storage.Contents.GetBlockBlobClient(ContentKeys.Parts + id);
        try
        {
            await blob.CommitBlockListAsync(parts.Select(BlockOf), new CommitBlockListOptions { Conditions = WhenAbsent }, ct);
            return null;
        }
        catch (RequestFailedException present) when (present.Status is 409 or 412)
        {
            return null;
        }
        catch (RequestFailedException refused) when (refused.ErrorCode == BlobErrorCode.InvalidBlockList || refused.Status is 400)
        {
            return await files.FindAsync(path, ct) is { } made && made.Write == id
                ? null
                : new Failure.Invalid("parts", "Not every part was put: put the missing ones and complete again, or abort.");
        }
    }

    // What was put there before and not taken in yet is taken in first, so that nothing that was listed is lost.
    private async Task<Failure?> StageAsync(ArtifactPath path, StagedUpload upload, string write, CancellationToken ct) =>
        await files.PutAsync(path, write, async present =>
        {
            if (present?.File is { } file && present.Write == write && present.Staged is null)
            {
                // Taken in already: this is a repeated call.
                return FileRow.From(file, write);
            }
            if (present?.Staged is not { } before || before.Blob == upload.Blob || await staged.FindSizeAsync(before, ct) is null)
            {
                return FileRow.From(path, present?.File, upload, write);
            }
            await staged.SettleAsync(present, ct);
            return null;
        }, ct);

    private static string BlockOf(int part) => Convert.ToBase64String(Encoding.ASCII.GetBytes(part.ToString("d8", CultureInfo.InvariantCulture)));

    private static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);

    private static Failure.NotFound NoSuch(string id) => new("Upload", id.Length > 100 ? id[..100] : id);
}
