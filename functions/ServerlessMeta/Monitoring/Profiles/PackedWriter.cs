using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Writes what <see cref="PackedReader"/> reads: varints, doubles, texts.</summary>
internal sealed class PackedWriter
{
    /// <summary>Decimal places that are tried; more are no measured numbers.</summary>
    private const int MostPlaces = 9;

    private const long LargestScaled = 1L << 52;

    private readonly ArrayBufferWriter<byte> buffer = new();

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Write(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    public void Write(ulong value) => buffer.Advance(Varint.Write(buffer.GetSpan(Varint.MaxSize), value));

    public void WriteSigned(long value) => Write(Varint.Fold(value));

    public void Write(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(sizeof(double)), value);
        buffer.Advance(sizeof(double));
    }

    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Write((ulong)bytes.Length);
        buffer.Write(bytes);
    }

    /// <summary>How many, and each. Numbers with few decimal places are written as differences of whole numbers, others plane by plane, which packs better.</summary>
    public void Write(ImmutableArray<double> values)
    {
        Write((ulong)values.Length);
        if (PlacesOf(values.AsSpan()) is not { } places)
        {
            Write((byte)(MostPlaces + 1));
            for (var plane = 0; plane < 64; plane += 8)
            {
                foreach (var value in values)
                {
                    Write((byte)(BitConverter.DoubleToUInt64Bits(value) >> plane));
                }
            }
            return;
        }
        Write((byte)places);
        var before = 0L;
        foreach (var value in values)
        {
            var scaled = (long)Math.Round(value * PackedReader.Powers[places]);
            WriteSigned(scaled - before);
            before = scaled;
        }
    }

    /// <summary>The fewest decimal places with which all numbers come back bit by bit; null when there are none.</summary>
    private static int? PlacesOf(ReadOnlySpan<double> values)
    {
        for (var places = 0; places <= MostPlaces; places++)
        {
            var power = PackedReader.Powers[places];
            var fits = true;
            foreach (var value in values)
            {
                var scaled = Math.Round(value * power);
                fits = Math.Abs(scaled) <= LargestScaled && BitConverter.DoubleToInt64Bits((long)scaled / power) == BitConverter.DoubleToInt64Bits(value);
                if (!fits)
                {
                    break;
                }
            }
            if (fits)
            {
                return places;
            }
        }
        return null;
    }
}
