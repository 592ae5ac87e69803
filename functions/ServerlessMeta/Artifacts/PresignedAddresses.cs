using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Addresses with which their holder reads or writes one blob for a while, without this store in between: signed by a user-delegation key where the store has an
/// identity (it needs the right to ask for one), by the account's key where it has that, as with the emulator.
/// </summary>
internal sealed class PresignedAddresses(StorageClients storage, ArtifactsClock clock) : IDisposable
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(6);

    // The service gives a key for seven days by its own clock; ours may be ahead.
    private static readonly TimeSpan KeyGoodFor = TimeSpan.FromDays(7) - TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim one = new(1);
    private UserDelegationKey? key;

    /// <param name="blob">A blob of content.</param>
    /// <param name="permissions">What its holder may do.</param>
    /// <param name="goodFor">For how long.</param>
    /// <param name="downloadName">The name under which a browser saves it; null when it is not to be downloaded.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Uri> OfAsync(string blob, BlobSasPermissions permissions, TimeSpan goodFor, string? downloadName, CancellationToken ct)
    {
        var client = storage.Contents.GetBlobClient(blob);
        var expires = clock.Now + goodFor;
        var wanted = new BlobSasBuilder(permissions, expires) { BlobContainerName = client.BlobContainerName, BlobName = blob, Resource = "b" };
        if (downloadName is not null)
        {
            wanted.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(downloadName)}";
            wanted.ContentType = "application/octet-stream";
        }
        return client.CanGenerateSasUri ? client.GenerateSasUri(wanted) : client.GenerateUserDelegationSasUri(wanted, await KeyUntilAsync(expires, ct));
    }

    public void Dispose() => one.Dispose();

    // One key serves every address until it is too old for the next.
    private async Task<UserDelegationKey> KeyUntilAsync(DateTimeOffset expires, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (key is null || key.SignedExpiresOn < expires)
            {
                var until = clock.Now + KeyGoodFor;
                key = await storage.Blobs.GetUserDelegationKeyAsync(null, until, ct);
            }
            return key;
        }
        finally
        {
            one.Release();
        }
    }
}
