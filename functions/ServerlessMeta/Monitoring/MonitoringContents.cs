using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Profiles, predictions, labels and results: blobs named by their content, a folder for each target. Once there they never change, so putting one twice is harmless.</summary>
internal sealed class MonitoringContents(StorageClients storage)
{
    /// <summary>One operation, whether it was there or not.</summary>
    /// <returns>The blob's name.</returns>
    public async Task<string> PutAsync(MonitorTarget target, byte[] bytes, CancellationToken ct)
    {
        var name = $"{target.Key}/{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
        try
        {
            await storage.MonitoringBlobs.GetBlobClient(name).UploadAsync(
                BinaryData.FromBytes(bytes), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = new ETag("*") } }, ct);
        }
        catch (RequestFailedException present) when (present.Status is 409 or 412)
        {
            // The same name is the same content.
        }
        return name;
    }

    /// <exception cref="InvalidDataException">The bytes are not those that were stored.</exception>
    public async Task<byte[]> ReadAsync(string name, CancellationToken ct)
    {
        var bytes = (await storage.MonitoringBlobs.GetBlobClient(name).DownloadContentAsync(ct)).Value.Content.ToArray();
        return name.EndsWith(Convert.ToHexStringLower(SHA256.HashData(bytes)), StringComparison.Ordinal)
            ? bytes
            : throw new InvalidDataException($"Blob '{name}' of monitoring does not have the digest in its name: it was damaged.");
    }
}
