using System.IO.Compression;

namespace ServerlessMeta.Monitoring;

/// <summary>Bytes, compressed as in RFC 1951.</summary>
internal static class Deflated
{
    public static byte[] Pack(MemoryStream plain)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal))
        {
            plain.WriteTo(deflate);
        }
        return packed.ToArray();
    }

    public static ReadOnlySpan<byte> Unpack(byte[] packed)
    {
        using var inflate = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        inflate.CopyTo(plain);
        return plain.GetBuffer().AsSpan(0, (int)plain.Length);
    }
}
