using System.Text.Json;
using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring;

/// <summary>A result as a blob: its JSON, compressed.</summary>
internal static class ResultBlob
{
    public static byte[] Write(WindowResult result)
    {
        using var plain = new MemoryStream();
        JsonSerializer.Serialize(plain, result, ResultJson.Relaxed.WindowResult);
        return Deflated.Pack(plain);
    }

    public static WindowResult Read(byte[] packed) =>
        JsonSerializer.Deserialize(Deflated.Unpack(packed), ResultJson.Relaxed.WindowResult) ?? throw new InvalidDataException("A stored result is empty.");
}
