using System.Buffers;
using System.Buffers.Binary;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Metrics;

/// <summary>
/// Packs the points of one commit into a property of the run's row: for each metric its ordinal and count, then per point the differences of
/// timestamp and step to the point before (folded varints) and eight bytes of value. Quick to write, about 11 bytes a point; segments pack tighter.
/// </summary>
internal static class TailCodec
{
    /// <summary>A property holds 64 KiB; this leaves room for the last point.</summary>
    public const int PropertyBytes = 60 * 1024;

    private const int PointBytes = 8 + (2 * Varint.MaxSize);

    /// <returns>One property, or more when the points need more than <see cref="PropertyBytes"/>.</returns>
    public static List<byte[]> Encode(IEnumerable<KeyedPoint> points)
    {
        var properties = new List<byte[]>(1);
        var buffer = new ArrayBufferWriter<byte>(256);
        foreach (var metric in points.GroupBy(static point => point.Ordinal).OrderBy(static metric => metric.Key))
        {
            // A run of points never exceeds what a property takes, whatever the differences.
            foreach (var run in metric.Chunk((PropertyBytes - 64) / PointBytes))
            {
                var packed = EncodeRun(metric.Key, run);
                if (buffer.WrittenCount > 0 && buffer.WrittenCount + packed.Length > PropertyBytes)
                {
                    properties.Add(buffer.WrittenSpan.ToArray());
                    buffer.Clear();
                }
                buffer.Write(packed);
            }
        }
        if (buffer.WrittenCount > 0)
        {
            properties.Add(buffer.WrittenSpan.ToArray());
        }
        return properties;
    }

    public static void Decode(ReadOnlySpan<byte> packed, List<KeyedPoint> into)
    {
        while (!packed.IsEmpty)
        {
            var ordinal = (int)Varint.Read(ref packed);
            var count = (int)Varint.Read(ref packed);
            long timestamp = 0, step = 0;
            for (var i = 0; i < count; i++)
            {
                unchecked
                {
                    timestamp += Varint.Unfold(Varint.Read(ref packed));
                    step += Varint.Unfold(Varint.Read(ref packed));
                }
                into.Add(new KeyedPoint(ordinal, new StoredPoint(timestamp, step, BinaryPrimitives.ReadDoubleLittleEndian(packed))));
                packed = packed[8..];
            }
        }
    }

    private static ReadOnlySpan<byte> EncodeRun(int ordinal, KeyedPoint[] run)
    {
        var packed = new byte[(2 * Varint.MaxSize) + (run.Length * PointBytes)].AsSpan();
        var at = Varint.Write(packed, (ulong)ordinal);
        at += Varint.Write(packed[at..], (ulong)run.Length);
        long timestamp = 0, step = 0;
        foreach (var (_, point) in run)
        {
            unchecked
            {
                at += Varint.Write(packed[at..], Varint.Fold(point.Timestamp - timestamp));
                at += Varint.Write(packed[at..], Varint.Fold(point.Step - step));
            }
            BinaryPrimitives.WriteDoubleLittleEndian(packed[at..], point.Value);
            at += 8;
            (timestamp, step) = (point.Timestamp, point.Step);
        }
        return packed[..at];
    }
}
