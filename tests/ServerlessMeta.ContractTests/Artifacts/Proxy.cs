using System.Net;
using System.Net.Sockets;
using System.Text;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Artifacts;

/// <summary>Speaks of files with a store.</summary>
internal static class Proxy
{
    public const string Files = "/api/2.0/mlflow-artifacts/artifacts/";

    public static string PathOf(string run, string file) => $"0/{run}/artifacts/{file}";

    public static async Task<Answer> PutFileAsync(this Api api, string path, byte[] bytes, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Escape(path)) { Content = new ByteArrayContent(bytes) };
        foreach (var (name, value) in headers.Where(static header => header.Name.StartsWith("Content-", StringComparison.Ordinal)))
        {
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return await api.SendAsync(request, [.. headers.Where(static header => !header.Name.StartsWith("Content-", StringComparison.Ordinal))]);
    }

    public static async Task<HttpResponseMessage> GetFileAsync(this Api api, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path.StartsWith('/') ? path : Escape(path));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await api.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<string> ReadFileAsync(this Api api, string path)
    {
        using var response = await api.GetFileAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<Answer> DeleteFileAsync(this Api api, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Escape(path));
        return await api.SendAsync(request);
    }

    /// <summary>The names in a folder; folders end with a slash.</summary>
    public static async Task<string[]> NamesAsync(this Api api, string folder) => Names((await api.GetAsync(Files.TrimEnd('/'), ("path", folder))).Ok());

    public static string[] Names(System.Text.Json.Nodes.JsonNode listing) =>
        [.. (listing["files"]?.AsArray() ?? []).Select(static file => file!["path"]!.GetValue<string>() + (file["is_dir"]!.GetValue<bool>() ? "/" : ""))];

    /// <summary>Sends bytes as they are, so that no client tidies the target, and gives back what came until the store closed or fell silent.</summary>
    public static async Task<string> SendRawAsync(Uri store, string text, bool hangUp = false)
    {
        var ct = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, store.Port, ct);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), ct);
        if (hangUp)
        {
            client.Client.Close(0);
            return "";
        }
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(ct);
    }

    private static string Escape(string path) => Files + string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
