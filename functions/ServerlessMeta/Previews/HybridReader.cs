namespace ServerlessMeta.Previews;

/// <summary>Reads numbers of some bits, packed in eights or repeated: Parquet's levels and dictionary indexes.</summary>
internal ref struct HybridReader
{
    private const int MaxWidth = 32;

    private readonly ReadOnlySpan<byte> data;
    private readonly int width;
    private int at;
    private long repeats, packed;
    private long bit;
    private int value;

    public HybridReader(ReadOnlySpan<byte> data, int width)
    {
        this.data = width <= MaxWidth ? data : throw ThriftReader.Broken();
        this.width = width;
    }

    public int Next()
    {
        while (repeats == 0 && packed == 0)
        {
            ReadRun();
        }
        if (repeats > 0)
        {
            repeats--;
            return value;
        }
        packed--;
        var next = (int)Bits.Read(data, bit, width);
        bit += width;
        return next;
    }

    private void ReadRun()
    {
        var head = Bits.ReadVarint(data, ref at);
        if ((head & 1) == 0)
        {
            repeats = (long)(head >> 1);
            var bytes = (width + 7) / 8;
            value = (int)Bits.Read(data, 8L * at, 8 * bytes);
            at += bytes;
            return;
        }
        var groups = head >> 1;
        if (groups > int.MaxValue)
        {
            throw ThriftReader.Broken();
        }
        packed = 8 * (long)groups;
        bit = 8L * at;
        // The last run may be cut off where its values end.
        at = (int)Math.Min(data.Length, at + ((long)groups * width));
    }
}
