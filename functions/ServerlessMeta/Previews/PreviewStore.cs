using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Previews;

/// <summary>
/// Previews of stored files: made when a file of up to 8 MiB is stored, when first asked for otherwise, and kept as blobs beside the content that they show, so that
/// files with the same bytes share one. Of a file under 32 KiB nothing is kept, for making its preview costs what reading one would; but a picture's is, once it was
/// asked for: few bytes may be millions of pixels. A preview that was cut by its time is not kept either: the next may show more.
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

    /// <summary>The preview of a file, as JSON, and whether it is the same each time. One operation when it is kept; two and the file's reading when it is not.</summary>
    public async Task<(BinaryData Json, bool IsRepeatable)> GetAsync(StoredFile file, CancellationToken ct)
    {
        if (IsKept(file) && await FindAsync(PreviewKeys.Json(file), ct) is { } known)
        {
            return (known, true);
        }
        var made = await MakeInTurnAsync(file, ct);
        return (ToJson(made), made.IsRepeatable);
    }

    /// <summary>A picture in little; null when the file has none. One operation when it is kept, two when it is kept that there is none.</summary>
    public async Task<BinaryData?> FindThumbnailAsync(StoredFile file, CancellationToken ct)
    {
        if (!FileFormats.IsImage(file.Path.Name))
        {
            return null;
        }
        if (await FindAsync(PreviewKeys.Thumbnail(file), ct) is { } known)
        {
            return known;
        }
        return await FindAsync(PreviewKeys.Json(file), ct) is { } preview && !HasThumbnail(preview) ? null : (await MakeInTurnAsync(file, ct)).Thumbnail;
    }

    /// <summary>Makes the preview of a file that was stored just now, when it is worth it and others are not being made; whatever happens, the file is stored.</summary>
    internal async Task MakeAtUploadAsync(StoredFile file, CancellationToken ct)
    {
        if (file.Size is < LeastKeptBytes or > MostMadeAtUploadBytes || !IsKept(file) || !await making.WaitAsync(TimeSpan.Zero, ct))
        {
            return;
        }
        try
        {
            await MakeAsync(file, ct);
        }
        catch (Exception fault) when (Outage.IsAmbiguous(fault) || fault is RequestFailedException || PreviewMaker.IsCircumstance(fault))
        {
            // It is made when someone asks for it.
        }
        finally
        {
            making.Release();
        }
    }

    public void Dispose() => making.Dispose();

    private static bool IsKept(StoredFile file) => file.Size >= LeastKeptBytes ? PreviewMaker.IsPreviewable(file.Path.Name) : FileFormats.IsImage(file.Path.Name);

    /// <summary>A picture's preview says why there is no thumbnail.</summary>
    private static bool HasThumbnail(BinaryData json) => JsonSerializer.Deserialize(json, PreviewsJson.Default.Preview) is { Image.Note: null };

    private static BinaryData ToJson(PreviewResult made) => BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(made.Preview, PreviewsJson.Default.Preview));

    private async Task<PreviewResult> MakeInTurnAsync(StoredFile file, CancellationToken ct)
    {
        await making.WaitAsync(ct);
        try
        {
            return await MakeAsync(file, ct);
        }
        finally
        {
            making.Release();
        }
    }

    private async Task<PreviewResult> MakeAsync(StoredFile file, CancellationToken ct)
    {
        await using var content = artifacts.Open(file);
        var made = await maker.MakeAsync(file.Path.Name, file.Size, content, ct);
        if (made.IsRepeatable && IsKept(file))
        {
            // The thumbnail first: a preview without it would say for good that there is none.
            if (made.Thumbnail is { } thumbnail)
            {
                await PutAsync(PreviewKeys.Thumbnail(file), thumbnail, PreviewResult.ThumbnailType, ct);
            }
            await PutAsync(PreviewKeys.Json(file), ToJson(made), "application/json", ct);
        }
        return made;
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
