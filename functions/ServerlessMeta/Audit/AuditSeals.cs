using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Options;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Audit;

/// <summary>
/// The checkpoints as they lie in the container <c>audit</c>: append blobs <c>checkpoints/{number:d4}.jsonl</c> of up to 40,000 lines, which the service lets nobody change but by deleting
/// them, and <c>state.json</c> with what the sealing remembers.
/// </summary>
internal sealed class AuditSeals(StorageClients storage, IOptions<AuditOptions> options)
{
    // A blob takes 50,000 appends.
    private const long LinesPerBlob = 40_000;
    private const string StateBlob = "state.json";

    private readonly Lazy<ImmutableDictionary<string, byte[]>> trusted = new(() => Trusted(options.Value));
    private (string Tags, SealedHeads Heads)? kept;

    /// <summary>All that the checkpoints say. They are read again when a blob changed; unchanged it costs an operation for each, and one for the state.</summary>
    public async Task<SealedHeads> ReadAsync(CancellationToken ct)
    {
        var blobs = new List<(AppendBlobClient Blob, ETag Tag)>();
        while (await FindAsync((blobs.Count * LinesPerBlob) + 1, ct) is { } there)
        {
            blobs.Add((BlobOf((blobs.Count * LinesPerBlob) + 1), there.ETag));
        }
        var (state, stateTag) = await ReadStateAsync(ct);
        var tags = string.Join(' ', blobs.Select(static one => one.Tag.ToString()).Append(stateTag?.ToString()));
        if (kept is { } known && known.Tags == tags)
        {
            return known.Heads;
        }
        var lines = new List<ReadOnlyMemory<byte>>();
        foreach (var (blob, _) in blobs)
        {
            lines.AddRange(Lines((await blob.DownloadContentAsync(ct)).Value.Content.ToMemory()));
        }
        var heads = SealedHeads.Of(lines, trusted.Value, state.Checkpoint == 0 ? null : (state.Checkpoint, state.Hash));
        kept = (tags, heads);
        return heads;
    }

    /// <summary>The lines of all checkpoints, one after another.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (long first = 1; await FindAsync(first, ct) is not null; first += LinesPerBlob)
        {
            foreach (var line in Lines((await BlobOf(first).DownloadContentAsync(ct)).Value.Content.ToMemory()))
            {
                yield return line;
            }
        }
    }

    public async Task<(SealState State, ETag? Tag)> ReadStateAsync(CancellationToken ct)
    {
        try
        {
            var read = (await storage.AuditSeals.GetBlobClient(StateBlob).DownloadContentAsync(ct)).Value;
            return (JsonSerializer.Deserialize(read.Content.ToMemory().Span, AuditJson.Default.SealState) ?? SealState.None, read.Details.ETag);
        }
        catch (RequestFailedException missing) when (missing.Status is 404)
        {
            return (SealState.None, null);
        }
        catch (JsonException)
        {
            // It only spares work: without it everything is sealed again.
            return (SealState.None, ETagOfAny);
        }
    }

    /// <summary>Remembers; false when another sealing did meanwhile.</summary>
    public async Task<bool> TryWriteStateAsync(SealState state, ETag? was, CancellationToken ct)
    {
        var conditions = was is { } tag ? new BlobRequestConditions { IfMatch = tag } : new BlobRequestConditions { IfNoneMatch = ETagOfAny };
        try
        {
            await storage.AuditSeals.GetBlobClient(StateBlob).UploadAsync(
                BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(state, AuditJson.Default.SealState)), new BlobUploadOptions { Conditions = conditions }, ct);
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <summary>What was appended behind a state: by a sealing that was cut before it remembered.</summary>
    public async Task<(List<ReadOnlyMemory<byte>> Lines, long Position)> ReadBehindAsync(SealState state, CancellationToken ct)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        var (number, position, start) = (Math.Max(state.Checkpoint, 1), state.Position, state.Position);
        while (await FindAsync(number, ct) is { } there)
        {
            position = there.ContentLength;
            if (position > start)
            {
                lines.AddRange(Lines((await BlobOf(number).DownloadContentAsync(new BlobDownloadOptions { Range = new HttpRange(start) }, ct)).Value.Content.ToMemory()));
            }
            if (state.Checkpoint + lines.Count < FirstOfNext(number) - 1)
            {
                break;
            }
            (number, start) = (FirstOfNext(number), 0);
        }
        return (lines, position);
    }

    /// <summary>Appends a line at the position where it must come; false when another sealing was there first.</summary>
    public async Task<bool> TryAppendAsync(long number, byte[] line, long position, CancellationToken ct)
    {
        var blob = BlobOf(number);
        try
        {
            if (position == 0)
            {
                await blob.CreateIfNotExistsAsync(cancellationToken: ct);
            }
            using var bytes = new MemoryStream([.. line, (byte)'\n']);
            await blob.AppendBlockAsync(bytes, new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = position } }, ct);
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is 409 or 412)
        {
            return false;
        }
    }

    private static long FirstOfNext(long number) => ((((number - 1) / LinesPerBlob) + 1) * LinesPerBlob) + 1;

    /// <summary>Whether a checkpoint is the first of its blob.</summary>
    public static bool BeginsBlob(long number) => (number - 1) % LinesPerBlob == 0;

    // If-None-Match: *
    private static ETag ETagOfAny { get; } = new("*");

    private async Task<BlobProperties?> FindAsync(long number, CancellationToken ct)
    {
        try
        {
            return (await BlobOf(number).GetPropertiesAsync(cancellationToken: ct)).Value;
        }
        catch (RequestFailedException missing) when (missing.Status is 404)
        {
            return null;
        }
    }

    private AppendBlobClient BlobOf(long number) => storage.AuditSeals.GetAppendBlobClient(string.Create(CultureInfo.InvariantCulture, $"checkpoints/{(number - 1) / LinesPerBlob:d4}.jsonl"));

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (!line.IsEmpty)
            {
                yield return line;
            }
        }
    }

    private static ImmutableDictionary<string, byte[]> Trusted(AuditOptions options)
    {
        var former = SealKeys.ReadPublic(options.TrustedKeys);
        using var own = SealKeys.ReadPrivate(options.SigningKey);
        return own?.ExportSubjectPublicKeyInfo() is { } key ? former.SetItem(SealKeys.IdOf(key), key) : former;
    }
}
