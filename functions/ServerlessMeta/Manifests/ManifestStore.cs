using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Manifests;

/// <summary>Manifests of runs: each version an immutable blob <c>{run}/{SHA-256}.json</c>, written when it is first asked for.</summary>
public sealed class ManifestStore
{
    // If-None-Match: *, that is, when there is no such blob.
    private static readonly ETag Any = new("*");

    private readonly StorageClients storage;
    private readonly ManifestBuilder builder;

    internal ManifestStore(StorageClients storage, ManifestBuilder builder) => (this.storage, this.builder) = (storage, builder);

    /// <summary>The manifest of what the run has read and made by now, and its bytes; kept before it is answered.</summary>
    public async Task<Result<(string Digest, RunManifest Manifest, BinaryData Json)>> WriteAsync(RunId id, CancellationToken ct)
    {
        var built = await builder.BuildAsync(id, ct);
        if (!built.IsOk)
        {
            return built.Failure;
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(built.Value, ManifestsJson.Default.RunManifest);
        var digest = Convert.ToHexStringLower(SHA256.HashData(json));
        try
        {
            await storage.Manifests.GetBlobClient(NameOf(id, digest)).UploadAsync(
                BinaryData.FromBytes(json),
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = Any }, HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" } }, ct);
        }
        catch (RequestFailedException known) when (known.Status is 409 or 412)
        {
            // This version was written before.
        }
        return (digest, built.Value, BinaryData.FromBytes(json));
    }

    /// <summary>A version that was written; null when there is none of that digest.</summary>
    public async Task<(RunManifest Manifest, BinaryData Json)?> FindAsync(RunId id, string digest, CancellationToken ct)
    {
        if (!IsDigest(digest))
        {
            return null;
        }
        try
        {
            var found = await storage.Manifests.GetBlobClient(NameOf(id, digest)).DownloadContentAsync(ct);
            return (JsonSerializer.Deserialize(found.Value.Content, ManifestsJson.Default.RunManifest)!, found.Value.Content);
        }
        catch (RequestFailedException absent) when (absent.Status is 404)
        {
            return null;
        }
    }

    /// <summary>The versions that were written, newest first.</summary>
    public async Task<ImmutableArray<ManifestVersion>> ListAsync(RunId id, CancellationToken ct)
    {
        var versions = new List<ManifestVersion>();
        await foreach (var blob in storage.Manifests.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{id}/", ct))
        {
            versions.Add(new ManifestVersion(Path.GetFileNameWithoutExtension(blob.Name), blob.Properties.CreatedOn ?? blob.Properties.LastModified!.Value, blob.Properties.ContentLength ?? 0));
        }
        return [.. versions.OrderByDescending(static version => version.WrittenAt).ThenBy(static version => version.Digest, StringComparer.Ordinal)];
    }

    private static string NameOf(RunId id, string digest) => $"{id}/{digest}.json";

    private static bool IsDigest(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
