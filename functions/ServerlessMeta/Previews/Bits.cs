namespace ServerlessMeta.Previews;

/// <summary>Numbers of any width in bits, the lowest first; what is not there is an <see cref="InvalidDataException"/>.</summary>
internal static class Bits
{
    public static ulong Read(ReadOnlySpan<byte> data, long bit, int width)
    {
        if (bit + width > 8L * data.Length)
        {
            throw ThriftReader.Broken();
        }
        ulong value = 0;
        for (var done = 0; done < width;)
        {
            var from = (int)((bit + done) & 7);
            var some = Math.Min(8 - from, width - done);
            var part = (data[(int)((bit + done) >> 3)] >> from) & ((1 << some) - 1);
            value |= (ulong)part << done;
            done += some;
        }
        return value;
    }

    public static ulong ReadVarint(ReadOnlySpan<byte> data, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= data.Length)
            {
                break;
            }
            var part = data[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
        throw ThriftReader.Broken();
    }

    public static long ReadZigzag(ReadOnlySpan<byte> data, ref int at)
    {
        var folded = ReadVarint(data, ref at);
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }
}
