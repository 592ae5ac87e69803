using System.Diagnostics;
using System.Globalization;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;

namespace ServerlessMeta.Benchmarks.Wire;

/// <summary>Uploads and downloads of whole files, by plain HTTP on both sides; the raw side goes to Azurite with addresses that were signed beforehand.</summary>
internal sealed class Transfer : IDisposable
{
    private const double Megabyte = 1024 * 1024;
    private const long BlockBytes = 8 * 1024 * 1024;

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

    /// <summary>The same by Put Block of 8 MiB and Put Block List, as every client sends large blobs.</summary>
    /// <returns>MB/s over all connections.</returns>
    public Task<double> UploadBlocksAsync(IReadOnlyList<Uri> to, long bytesEach) => TimeAsync(to, bytesEach, async address =>
    {
        var ids = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        for (long sent = 0; sent < bytesEach; sent += BlockBytes)
        {
            var id = Convert.ToBase64String(Encoding.ASCII.GetBytes((sent / BlockBytes).ToString("d8", CultureInfo.InvariantCulture)));
            ids.Append(CultureInfo.InvariantCulture, $"<Latest>{id}</Latest>");
            using var block = new NoiseContent(Math.Min(BlockBytes, bytesEach - sent));
            using var response = await http.PutAsync(new Uri($"{address}&comp=block&blockid={Uri.EscapeDataString(id)}"), block);
            response.EnsureSuccessStatusCode();
        }
        using var list = new StringContent(ids.Append("</BlockList>").ToString(), Encoding.UTF8, "application/xml");
        using var committed = await http.PutAsync(new Uri($"{address}&comp=blocklist"), list);
        committed.EnsureSuccessStatusCode();
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
