using System.IO.Compression;
using System.Text.Json;

namespace ServerlessMeta.Monitoring;

/// <summary>A result as a blob: its JSON, compressed.</summary>
internal static class ResultBlob
{
    public static byte[] Write(WindowResult result)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal))
        {
            JsonSerializer.Serialize(deflate, result, MonitoringJson.Relaxed.WindowResult);
        }
        return packed.ToArray();
    }

    public static WindowResult Read(byte[] bytes)
    {
        using var inflate = new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress);
        return JsonSerializer.Deserialize(inflate, MonitoringJson.Relaxed.WindowResult) ?? throw new InvalidDataException("A stored result is empty.");
    }
}
