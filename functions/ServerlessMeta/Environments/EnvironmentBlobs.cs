using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments;

/// <summary>What environments and launches are, as blobs named by their digest: once there they never change.</summary>
internal sealed class EnvironmentBlobs(StorageClients storage)
{
    /// <summary>One operation, whether it was there or not.</summary>
    public async Task PutAsync(string digest, byte[] bytes, CancellationToken ct)
    {
        try
        {
            await storage.EnvironmentFiles.GetBlobClient(NameOf(digest)).UploadAsync(
                BinaryData.FromBytes(bytes), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = new ETag("*") } }, ct);
        }
        catch (RequestFailedException present) when (present.Status is 409 or 412)
        {
            // The same name is the same content.
        }
    }

    /// <summary>Stores it whatever is there: for content that was found to be gone or damaged.</summary>
    public Task RepairAsync(string digest, byte[] bytes, CancellationToken ct) =>
        storage.EnvironmentFiles.GetBlobClient(NameOf(digest)).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, ct);

    public async Task<Result<byte[]>> ReadAsync(string digest, CancellationToken ct)
    {
        try
        {
            var content = (await storage.EnvironmentFiles.GetBlobClient(NameOf(digest)).DownloadContentAsync(ct)).Value.Content.ToArray();
            return Convert.ToHexStringLower(SHA256.HashData(content)) == digest ? content : new Failure.Corrupt("Environment", digest);
        }
        catch (RequestFailedException absent) when (absent.Status == 404)
        {
            return new Failure.Corrupt("Environment", digest);
        }
    }

    private static string NameOf(string digest) => $"{digest}.json";
}
