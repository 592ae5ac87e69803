using System.Text;

namespace ServerlessMeta.Benchmarks.Wire;

/// <summary>Requests to the store as bytes.</summary>
internal static class HttpText
{
    private const string Api = "/api/2.0/mlflow/";

    public static byte[] Get(string path) => Encoding.UTF8.GetBytes($"GET {Api}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

    public static byte[] Post(string path, string json) => [.. PostHead(path, Encoding.UTF8.GetByteCount(json)), .. Encoding.UTF8.GetBytes(json)];

    public static byte[] PostHead(string path, int length) =>
        Encoding.ASCII.GetBytes($"POST {Api}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
}
