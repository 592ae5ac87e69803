using System.Buffers.Binary;

namespace ServerlessMeta.Previews;

/// <summary>The first values of a page or a dictionary, each a plainly encoded piece of some bytes.</summary>
internal sealed class ParquetValues
{
    public const int Plain = 0, PlainDictionary = 2, RunLength = 3, DeltaPacked = 5, DeltaLength = 6, DeltaBytes = 7, Dictionary = 8, SplitStreams = 9;

    private static readonly byte[] TruthValues = [0, 1];

    private readonly List<(int Offset, int Length)> pieces = [];
    private byte[] made = [];
    private ReadOnlyMemory<byte> source;

    public int Count => pieces.Count;

    public ReadOnlySpan<byte> this[int index] => source.Span.Slice(pieces[index].Offset, pieces[index].Length);

    /// <summary>Decodes so many values; false when the encoding is not known.</summary>
    public bool Read(ParquetLeaf leaf, int encoding, ReadOnlyMemory<byte> data, int count, ParquetValues? dictionary)
    {
        pieces.Clear();
        source = data;
        switch (encoding)
        {
            case PlainDictionary or Dictionary:
                ReadIndexes(data.Span, count, dictionary ?? throw ThriftReader.Broken());
                return true;
            case Plain or RunLength when leaf.Type is ParquetType.Boolean:
                ReadTruthValues(data.Span, encoding, count);
                return true;
            case Plain:
                ReadPlain(leaf, data.Span, count);
                return true;
            case DeltaPacked when leaf.Width is 4 or 8:
                var at = 0;
                Take(leaf.Width, DeltaReader.Read(data.Span, ref at, count));
                return true;
            case DeltaLength when leaf.Width == 0:
                at = 0;
                TakeLengths(data.Span, at, count);
                return true;
            case DeltaBytes:
                ReadDeltaBytes(leaf, data, count);
                return true;
            case SplitStreams when leaf.Width > 0:
                ReadSplitStreams(leaf.Width, data.Span, count);
                return true;
            default:
                return false;
        }
    }

    private void ReadPlain(ParquetLeaf leaf, ReadOnlySpan<byte> data, int count)
    {
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var length = leaf.Width;
            if (length == 0)
            {
                length = at + 4 <= data.Length ? BinaryPrimitives.ReadInt32LittleEndian(data[at..]) : -1;
                at += 4;
            }
            at += AddPiece(data.Length, at, length);
        }
    }

    private void ReadIndexes(ReadOnlySpan<byte> data, int count, ParquetValues dictionary)
    {
        source = dictionary.source;
        if (count == 0)
        {
            return;
        }
        var reader = data.IsEmpty ? throw ThriftReader.Broken() : new HybridReader(data[1..], data[0]);
        for (var i = 0; i < count; i++)
        {
            var index = reader.Next();
            pieces.Add((uint)index < (uint)dictionary.Count ? dictionary.pieces[index] : throw ThriftReader.Broken());
        }
    }

    private void ReadTruthValues(ReadOnlySpan<byte> data, int encoding, int count)
    {
        source = TruthValues;
        if (encoding == Plain)
        {
            for (var i = 0; i < count; i++)
            {
                pieces.Add(((int)Bits.Read(data, i, 1), 1));
            }
            return;
        }
        var reader = data.Length < 4 ? throw ThriftReader.Broken() : new HybridReader(data[4..], 1);
        for (var i = 0; i < count; i++)
        {
            pieces.Add((reader.Next(), 1));
        }
    }

    private void Take(int width, List<long> numbers)
    {
        Room(8 + (width * numbers.Count));
        for (var i = 0; i < numbers.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(made.AsSpan(i * width), numbers[i]);
            pieces.Add((i * width, width));
        }
        source = made;
    }

    private void TakeLengths(ReadOnlySpan<byte> data, int at, int count)
    {
        foreach (var length in DeltaReader.Read(data, ref at, count))
        {
            at += AddPiece(data.Length, at, length);
        }
    }

    /// <summary>Each value is the beginning of the one before and an end of its own; so few bytes may stand for many.</summary>
    private void ReadDeltaBytes(ParquetLeaf leaf, ReadOnlyMemory<byte> data, int count)
    {
        var at = 0;
        var shared = DeltaReader.Read(data.Span, ref at, count);
        TakeLengths(data.Span, at, count);
        var joined = 0;
        for (var i = 0; i < count; i++)
        {
            var (offset, length) = pieces[i];
            var (before, beforeLength) = i == 0 ? (0, 0) : pieces[i - 1];
            if (shared[i] < 0 || shared[i] > beforeLength || joined + shared[i] + length > PreviewLimits.ParquetPageBytes || (leaf.Width > 0 && shared[i] + length != leaf.Width))
            {
                throw ThriftReader.Broken();
            }
            var beginning = (int)shared[i];
            pieces[i] = (joined, beginning + length);
            Room(joined + beginning + length);
            made.AsSpan(before, beginning).CopyTo(made.AsSpan(joined));
            data.Span.Slice(offset, length).CopyTo(made.AsSpan(joined + beginning));
            joined += beginning + length;
        }
        source = made;
    }

    private void ReadSplitStreams(int width, ReadOnlySpan<byte> data, int count)
    {
        var values = data.Length / width;
        Room(count <= values ? count * width : throw ThriftReader.Broken());
        for (var i = 0; i < count * width; i++)
        {
            made[i] = data[(i % width * values) + (i / width)];
        }
        for (var i = 0; i < count; i++)
        {
            pieces.Add((i * width, width));
        }
        source = made;
    }

    /// <summary>Makes the buffer of values that are not in the page as such at least so large; what is in it stays.</summary>
    private void Room(int bytes)
    {
        if (made.Length < bytes)
        {
            Array.Resize(ref made, Math.Max(bytes, Math.Min(2 * made.Length, PreviewLimits.ParquetPageBytes)));
        }
    }

    private int AddPiece(int bytes, int at, long length)
    {
        if (length < 0 || at + length > bytes)
        {
            throw ThriftReader.Broken();
        }
        pieces.Add((at, (int)length));
        return (int)length;
    }
}
