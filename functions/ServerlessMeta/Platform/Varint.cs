using System.Numerics;

namespace ServerlessMeta.Platform;

/// <summary>Whole numbers in 1 to 10 bytes, seven bits a byte, lowest first; signed ones zigzag-folded.</summary>
internal static class Varint
{
    public const int MaxSize = 10;

    public static int Size(ulong value) => value == 0 ? 1 : (BitOperations.Log2(value) / 7) + 1;

    public static int Write(Span<byte> to, ulong value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            to[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        to[at++] = (byte)value;
        return at;
    }

    public static ulong Read(ref ReadOnlySpan<byte> from)
    {
        ulong value = 0;
        for (var at = 0; at < from.Length && at < MaxSize; at++)
        {
            value |= (ulong)(from[at] & 0x7F) << (7 * at);
            if (from[at] < 0x80)
            {
                from = from[(at + 1)..];
                return value;
            }
        }
        throw new InvalidDataException("A stored number is cut off.");
    }

    public static ulong Fold(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Unfold(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
