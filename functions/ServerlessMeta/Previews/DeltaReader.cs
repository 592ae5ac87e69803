namespace ServerlessMeta.Previews;

/// <summary>Parquet's DELTA_BINARY_PACKED: differences in blocks of small blocks, each of its own width in bits.</summary>
internal static class DeltaReader
{
    private const int MaxBlock = 1 << 20;

    /// <summary>The first so many numbers; <paramref name="at"/> moves behind all of them.</summary>
    public static List<long> Read(ReadOnlySpan<byte> data, ref int at, int count)
    {
        var block = Bits.ReadVarint(data, ref at);
        var smallBlocks = Bits.ReadVarint(data, ref at);
        var total = Bits.ReadVarint(data, ref at);
        var last = Bits.ReadZigzag(data, ref at);
        if (block > MaxBlock || smallBlocks == 0 || smallBlocks > block || block % (8 * smallBlocks) != 0 || total < (ulong)count || total > int.MaxValue)
        {
            throw ThriftReader.Broken();
        }
        // It grows with the numbers that the bytes give, not with how many they claim.
        var numbers = new List<long>();
        if (count > 0)
        {
            numbers.Add(last);
        }
        var each = (int)(block / smallBlocks);
        for (long read = 1; read < (long)total;)
        {
            var least = Bits.ReadZigzag(data, ref at);
            var widths = at;
            at += (int)smallBlocks;
            for (var small = 0; small < (int)smallBlocks && read < (long)total; small++, read += each)
            {
                var width = widths + small < data.Length && data[widths + small] <= 64 ? data[widths + small] : throw ThriftReader.Broken();
                for (var i = 0; i < each && read + i < count; i++)
                {
                    last = unchecked(last + least + (long)Bits.Read(data, (8L * at) + ((long)i * width), width));
                    numbers.Add(last);
                }
                at = (int)Math.Min(data.Length, at + ((long)each * width / 8));
            }
        }
        return numbers;
    }
}
