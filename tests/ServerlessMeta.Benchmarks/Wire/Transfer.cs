using System.Diagnostics;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;

namespace ServerlessMeta.Benchmarks.Wire;

/// <summary>Uploads and downloads of whole files, by plain HTTP on both sides; the raw side goes to Azurite with addresses that were signed beforehand.</summary>
internal sealed class Transfer : IDisposable
{
    private const double Megabyte = 1024 * 1024;

    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromMinutes(10) };
    private readonly byte[] sink = new byte[1024 * 1024];

    /// <returns>MB/s over all connections.</returns>
    public Task<double> UploadAsync(IReadOnlyList<Uri> to, long bytesEach, bool toBlobs) => TimeAsync(to, bytesEach, async address =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new NoiseContent(bytesEach) };
        if (toBlobs)
        {
            request.Headers.Add("x-ms-blob-type", "BlockBlob");
        }
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    });

    /// <returns>MB/s over all connections.</returns>
    public Task<double> DownloadAsync(IReadOnlyList<Uri> from, long bytesEach) => TimeAsync(from, bytesEach, async address =>
    {
        using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync();
        long received = 0;
        // What arrives is not looked at, so one sink serves all.
        while (await stream.ReadAsync(sink) is > 0 and var read)
        {
            received += read;
        }
        if (received != bytesEach)
        {
            throw new InvalidOperationException($"{address} gave {received} bytes instead of {bytesEach}.");
        }
    });

    public static Uri RawAddress(string connectionString, string blob)
    {
        var container = new BlobContainerClient(connectionString, "raw");
        container.CreateIfNotExists();
        return container.GetBlobClient(blob).GenerateSasUri(BlobSasPermissions.Read | BlobSasPermissions.Write | BlobSasPermissions.Create, TimeProvider.System.GetUtcNow().AddHours(2));
    }

    public void Dispose() => http.Dispose();

    private static async Task<double> TimeAsync(IReadOnlyList<Uri> addresses, long bytesEach, Func<Uri, Task> move)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(addresses.Select(address => Task.Run(() => move(address))));
        return addresses.Count * bytesEach / Megabyte / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
