using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Reads what <see cref="PackedWriter"/> wrote, from bytes that may be anything: what is not there or not so is an <see cref="InvalidDataException"/>, memory grows with the bytes
/// that are there and not with what they claim, and more than a bound is never unpacked.
/// </summary>
internal sealed class PackedReader(Stream from, long most)
{
    private const int MostPlaces = 9;
    private const int TextBytes = 64 * 1024;

    private readonly byte[] buffer = new byte[16 * 1024];
    private int at, end;
    private long left = most;

    /// <summary>10^0 to 10^9.</summary>
    public static double[] Powers { get; } = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    public static InvalidDataException Broken() => new("A packed profile is broken.");

    public byte ReadByte()
    {
        if (at == end)
        {
            Fill();
        }
        return buffer[at++];
    }

    public ulong ReadUnsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 7 * Varint.MaxSize; shift += 7)
        {
            var part = ReadByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
        throw Broken();
    }

    public long ReadSigned() => Varint.Unfold(ReadUnsigned());

    /// <summary>A number from 0 up.</summary>
    public long ReadLong() => ReadUnsigned() is <= long.MaxValue and var value ? (long)value : throw Broken();

    /// <summary>How many things follow.</summary>
    public int ReadCount(int highest) => ReadUnsigned() is var value && value <= (ulong)highest ? (int)value : throw Broken();

    public double ReadDouble()
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        Read(bytes);
        return BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }

    /// <summary>A number that is neither NaN nor infinite.</summary>
    public double ReadFinite() => ReadDouble() is var value && double.IsFinite(value) ? value : throw Broken();

    public string ReadText()
    {
        var bytes = ReadBytes(TextBytes);
        return Encoding.UTF8.GetString(bytes);
    }

    public byte[] ReadBytes(int highest)
    {
        var bytes = new byte[ReadCount(highest)];
        Read(bytes);
        return bytes;
    }

    /// <summary>Finite numbers.</summary>
    public ImmutableArray<double> ReadDoubles(int highest)
    {
        var count = ReadCount(highest);
        var places = ReadByte();
        if (places > MostPlaces + 1)
        {
            throw Broken();
        }
        // A list that grows with what comes; it is short most often.
        var values = new List<double>();
        if (places <= MostPlaces)
        {
            var scaled = 0L;
            for (var i = 0; i < count; i++)
            {
                scaled = unchecked(scaled + ReadSigned());
                values.Add(scaled / Powers[places]);
            }
            return [.. values];
        }
        var planes = ReadPlanes(count);
        for (var i = 0; i < count; i++)
        {
            ulong bits = 0;
            for (var plane = 0; plane < 8; plane++)
            {
                bits |= (ulong)planes[(plane * count) + i] << (8 * plane);
            }
            values.Add(BitConverter.UInt64BitsToDouble(bits) is var value && double.IsFinite(value) ? value : throw Broken());
        }
        return [.. values];
    }

    /// <summary>Whether all has been read.</summary>
    public bool IsAtEnd()
    {
        if (at < end)
        {
            return false;
        }
        (at, end) = (0, from.Read(buffer));
        return end == 0;
    }

    private Span<byte> ReadPlanes(int count)
    {
        var planes = new List<byte>();
        for (var i = 0; i < 8 * count; i++)
        {
            planes.Add(ReadByte());
        }
        return CollectionsMarshal.AsSpan(planes);
    }

    private void Read(Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            if (at == end)
            {
                Fill();
            }
            var some = Math.Min(into.Length, end - at);
            buffer.AsSpan(at, some).CopyTo(into);
            at += some;
            into = into[some..];
        }
    }

    private void Fill()
    {
        at = 0;
        end = from.Read(buffer);
        left -= end;
        if (end == 0 || left < 0)
        {
            throw Broken();
        }
    }
}
