using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Previews;

/// <summary>
/// Previews of stored files: made when a file of up to 8 MiB is stored, when first asked for otherwise, and kept as blobs beside the content that they show, so that
/// files with the same bytes share one. Of a file under 32 KiB nothing is kept: making its preview costs what reading one would.
/// </summary>
public sealed class PreviewStore : IDisposable
{
    public const int LeastKeptBytes = 32 * 1024;
    public const int MostMadeAtUploadBytes = 8 * 1024 * 1024;

    // Each may hold some 64 MiB while it reads.
    private const int AtOnce = 2;

    private readonly StorageClients storage;
    private readonly ArtifactStore artifacts;
    private readonly PreviewMaker maker;
    private readonly SemaphoreSlim making = new(AtOnce);

    internal PreviewStore(StorageClients storage, ArtifactStore artifacts, PreviewMaker maker) => (this.storage, this.artifacts, this.maker) = (storage, artifacts, maker);

    /// <summary>Names the preview of a file: the same bytes read the same way give the same preview.</summary>
    public static string TagOf(StoredFile file) => PreviewKeys.Folder(file.Sha256) + PreviewKeys.FormatOf(file.Path.Name);

    /// <summary>The preview of a file, as JSON. One operation when it is kept; two and the file's reading when it is not.</summary>
    public async Task<BinaryData> GetAsync(StoredFile file, CancellationToken ct)
    {
        var isKept = IsKept(file);
        if (isKept && await FindAsync(PreviewKeys.Json(file), ct) is { } known)
        {
            return known;
        }
        await making.WaitAsync(ct);
        try
        {
            return await MakeAsync(file, isKept, ct);
        }
        finally
        {
            making.Release();
        }
    }

    /// <summary>A picture in little; null when the file has none.</summary>
    public async Task<BinaryData?> FindThumbnailAsync(StoredFile file, CancellationToken ct)
    {
        if (await FindAsync(PreviewKeys.Thumbnail(file), ct) is { } known)
        {
            return known;
        }
        if (!FileFormats.IsImage(file.Path.Name))
        {
            return null;
        }
        await using var content = artifacts.Open(file);
        return (await maker.MakeAsync(file.Path.Name, file.Size, content, ct)).Thumbnail;
    }

    /// <summary>Makes the preview of a file that was stored just now, when it is worth it and others are not being made; whatever happens, the file is stored.</summary>
    internal async Task MakeAtUploadAsync(StoredFile file, CancellationToken ct)
    {
        if (!IsKept(file) || file.Size > MostMadeAtUploadBytes || !await making.WaitAsync(TimeSpan.Zero, ct))
        {
            return;
        }
        try
        {
            await MakeAsync(file, keep: true, ct);
        }
        catch (Exception outage) when (Outage.IsAmbiguous(outage) || outage is RequestFailedException)
        {
            // It is made when someone asks for it.
        }
        finally
        {
            making.Release();
        }
    }

    public void Dispose() => making.Dispose();

    private static bool IsKept(StoredFile file) => file.Size >= LeastKeptBytes && PreviewMaker.IsPreviewable(file.Path.Name);

    private async Task<BinaryData> MakeAsync(StoredFile file, bool keep, CancellationToken ct)
    {
        await using var content = artifacts.Open(file);
        var made = await maker.MakeAsync(file.Path.Name, file.Size, content, ct);
        var json = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(made.Preview, PreviewsJson.Default.Preview));
        if (keep)
        {
            if (made.Thumbnail is { } thumbnail)
            {
                await PutAsync(PreviewKeys.Thumbnail(file), thumbnail, PreviewResult.ThumbnailType, ct);
            }
            await PutAsync(PreviewKeys.Json(file), json, "application/json", ct);
        }
        return json;
    }

    private async Task PutAsync(string name, BinaryData bytes, string type, CancellationToken ct) =>
        await storage.Previews.GetBlobClient(name).UploadAsync(bytes, new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = type } }, ct);

    private async Task<BinaryData?> FindAsync(string name, CancellationToken ct)
    {
        try
        {
            return (await storage.Previews.GetBlobClient(name).DownloadContentAsync(ct)).Value.Content;
        }
        catch (RequestFailedException absent) when (absent.Status is 404)
        {
            return null;
        }
    }
}
