using System.Buffers.Binary;
using System.IO.Compression;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Metrics;

/// <summary>
/// Packs 64-bit words by byte planes: all first bytes, all second bytes, and so on. A plane of one repeated byte costs that byte; a plane
/// that Brotli shortens is kept so; noise stays as it is. So the random low bits of a double cost exactly their size, and what is regular costs nothing.
/// </summary>
internal static class PlaneCodec
{
    private const int Planes = 8;
    private const byte Constant = 0, Raw = 1, Brotli = 2;
    private const int Quality = 5, Window = 18;

    public static byte[] Encode(ReadOnlySpan<ulong> words)
    {
        var packed = new byte[Planes * (1 + Varint.MaxSize + words.Length + 1)];
        var plane = new byte[words.Length];
        var at = 0;
        for (var number = 0; number < Planes; number++)
        {
            for (var i = 0; i < words.Length; i++)
            {
                plane[i] = (byte)(words[i] >> (8 * number));
            }
            at += EncodePlane(plane, packed.AsSpan(at));
        }
        return packed[..at];
    }

    public static ulong[] Decode(ref ReadOnlySpan<byte> packed, int count)
    {
        var words = new ulong[count];
        var plane = new byte[count];
        for (var number = 0; number < Planes; number++)
        {
            DecodePlane(ref packed, plane);
            for (var i = 0; i < count; i++)
            {
                words[i] |= (ulong)plane[i] << (8 * number);
            }
        }
        return words;
    }

    private static int EncodePlane(ReadOnlySpan<byte> plane, Span<byte> to)
    {
        if (plane.IsEmpty || !plane.ContainsAnyExcept(plane[0]))
        {
            to[0] = Constant;
            to[1] = plane.IsEmpty ? (byte)0 : plane[0];
            return 2;
        }
        var shorter = new byte[plane.Length];
        if (BrotliEncoder.TryCompress(plane, shorter, out var length, Quality, Window) && length + Varint.MaxSize < plane.Length)
        {
            to[0] = Brotli;
            var at = 1 + Varint.Write(to[1..], (ulong)length);
            shorter.AsSpan(0, length).CopyTo(to[at..]);
            return at + length;
        }
        to[0] = Raw;
        plane.CopyTo(to[1..]);
        return 1 + plane.Length;
    }

    private static void DecodePlane(ref ReadOnlySpan<byte> packed, Span<byte> plane)
    {
        var kind = packed[0];
        packed = packed[1..];
        switch (kind)
        {
            case Constant:
                plane.Fill(packed[0]);
                packed = packed[1..];
                break;
            case Raw:
                packed[..plane.Length].CopyTo(plane);
                packed = packed[plane.Length..];
                break;
            case Brotli:
                var length = (int)Varint.Read(ref packed);
                if (!BrotliDecoder.TryDecompress(packed[..length], plane, out var written) || written != plane.Length)
                {
                    throw new InvalidDataException("A stored byte plane cannot be unpacked.");
                }
                packed = packed[length..];
                break;
            default:
                throw new InvalidDataException($"A stored byte plane has the unknown kind {kind}; newer code wrote it.");
        }
    }
}
