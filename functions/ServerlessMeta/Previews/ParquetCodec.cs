using System.IO.Compression;
using System.Runtime.InteropServices;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace ServerlessMeta.Previews;

/// <summary>Unpacks pages into memory of the size that their headers declare: what would become larger is broken.</summary>
internal static class ParquetCodec
{
    private const int None = 0, Snappy = 1, Gzip = 2, Brotli = 4, Zstandard = 6, Lz4 = 7;

    /// <summary>How many bytes there are; null when the codec is not known.</summary>
    public static int? Unpack(int codec, ReadOnlyMemory<byte> packed, Memory<byte> into)
    {
        var from = packed.Span;
        var to = into.Span;
        switch (codec)
        {
            case None:
                from[..Math.Min(from.Length, to.Length)].CopyTo(to);
                return Math.Min(from.Length, to.Length);
            case Snappy:
                return Snappier.Snappy.GetUncompressedLength(from) <= to.Length && Snappier.Snappy.TryDecompress(from, to, out var snapped) ? snapped : throw Broken();
            case Gzip:
                return Inflate(packed, to);
            case Brotli:
                return BrotliDecoder.TryDecompress(from, to, out var expanded) ? expanded : throw Broken();
            case Zstandard:
                using (var decompressor = new Decompressor())
                {
                    return decompressor.TryUnwrap(from, to, out var unwrapped) ? unwrapped : throw Broken();
                }
            case Lz4:
                return LZ4Codec.Decode(from, to) is >= 0 and var decoded ? decoded : throw Broken();
            default:
                return null;
        }
    }

    private static int Inflate(ReadOnlyMemory<byte> packed, Span<byte> to)
    {
        var source = MemoryMarshal.TryGetArray(packed, out var array) ? array : throw Broken();
        using var gzip = new GZipStream(new MemoryStream(source.Array!, source.Offset, source.Count), CompressionMode.Decompress);
        return gzip.ReadAtLeast(to, to.Length, throwOnEndOfStream: false);
    }

    private static InvalidDataException Broken() => new("A Parquet page cannot be unpacked.");
}
