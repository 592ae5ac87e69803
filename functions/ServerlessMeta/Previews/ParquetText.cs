using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace ServerlessMeta.Previews;

/// <summary>Parquet values as texts.</summary>
internal static class ParquetText
{
    public const int ScratchBytes = 256;

    private const int MaxDecimalBytes = 64;
    private const int ShownBytes = 32;
    private const int JulianEpoch = 2_440_588;
    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.FFFFFFF";

    /// <summary>The value's text in UTF-8, in <paramref name="scratch"/> unless it is the value itself; empty when it is too short for its type.</summary>
    public static ReadOnlySpan<byte> Of(ParquetLeaf leaf, ReadOnlySpan<byte> value, Span<byte> scratch)
    {
        if (value.Length < leaf.Width)
        {
            return [];
        }
        if (leaf.Meaning is ParquetMeaning.Text)
        {
            return value;
        }
        if (leaf.Meaning is ParquetMeaning.Decimal && leaf.Type is not (ParquetType.Float or ParquetType.Double) && value.Length is > 0 and <= MaxDecimalBytes)
        {
            return Put(Decimal(leaf, value), scratch);
        }
        return leaf.Type switch
        {
            ParquetType.Boolean => value[0] == 0 ? "false"u8 : "true"u8,
            ParquetType.Int32 => Whole(leaf, BinaryPrimitives.ReadInt32LittleEndian(value), BinaryPrimitives.ReadUInt32LittleEndian(value), scratch),
            ParquetType.Int64 => Whole(leaf, BinaryPrimitives.ReadInt64LittleEndian(value), BinaryPrimitives.ReadUInt64LittleEndian(value), scratch),
            ParquetType.Int96 => Ticks(((BinaryPrimitives.ReadInt32LittleEndian(value[8..]) - (Int128)JulianEpoch) * TimeSpan.TicksPerDay) + (BinaryPrimitives.ReadInt64LittleEndian(value) / 100), scratch),
            ParquetType.Float => Put(BinaryPrimitives.ReadSingleLittleEndian(value), scratch),
            ParquetType.Double => Put(BinaryPrimitives.ReadDoubleLittleEndian(value), scratch),
            _ when leaf.Meaning is ParquetMeaning.Uuid && value.Length == 16 => Put(new Guid(value, bigEndian: true), scratch),
            _ when leaf.Meaning is ParquetMeaning.Half && value.Length == 2 => Put(BinaryPrimitives.ReadHalfLittleEndian(value), scratch),
            _ => IsReadable(value) ? value : Hex(value, scratch),
        };
    }

    private static ReadOnlySpan<byte> Whole(ParquetLeaf leaf, long whole, ulong unsigned, Span<byte> scratch)
    {
        switch (leaf.Meaning)
        {
            case ParquetMeaning.Unsigned:
                return Put(unsigned, scratch);
            case ParquetMeaning.Date when whole >= -719_162 && whole <= 2_932_896:
                return DateOnly.FromDayNumber((int)whole + 719_162).TryFormat(scratch, out var length, "yyyy-MM-dd", CultureInfo.InvariantCulture) ? scratch[..length] : [];
            case ParquetMeaning.Time when Scaled(whole, leaf.UnitsPerSecond) is var ticks && ticks >= 0 && ticks < TimeSpan.TicksPerDay:
                return new TimeOnly((long)ticks).TryFormat(scratch, out length, "HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) ? scratch[..length] : [];
            case ParquetMeaning.Timestamp:
                return Ticks(Scaled(whole, leaf.UnitsPerSecond), scratch);
            default:
                return Put(whole, scratch);
        }
    }

    private static Int128 Scaled(long whole, long unitsPerSecond) => (Int128)whole * TimeSpan.TicksPerSecond / unitsPerSecond;

    /// <summary>Ticks since 1970; as their number when that is no date.</summary>
    private static ReadOnlySpan<byte> Ticks(Int128 ticks, Span<byte> scratch)
    {
        var all = DateTime.UnixEpoch.Ticks + ticks;
        if (all < 0 || all > DateTime.MaxValue.Ticks)
        {
            return Put(ticks, scratch);
        }
        return new DateTime((long)all).TryFormat(scratch, out var length, TimestampFormat, CultureInfo.InvariantCulture) ? scratch[..length] : [];
    }

    private static string Decimal(ParquetLeaf leaf, ReadOnlySpan<byte> value)
    {
        var unscaled = leaf.Type is ParquetType.Int32 or ParquetType.Int64 ? new BigInteger(value) : new BigInteger(value, isBigEndian: true);
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(leaf.Scale + 1, '0');
        return $"{(unscaled.Sign < 0 ? "-" : "")}{digits[..^leaf.Scale]}{(leaf.Scale == 0 ? "" : ".")}{digits[^leaf.Scale..]}";
    }

    private static ReadOnlySpan<byte> Put<T>(T value, Span<byte> scratch)
        where T : IUtf8SpanFormattable => value.TryFormat(scratch, out var length, default, CultureInfo.InvariantCulture) ? scratch[..length] : [];

    private static ReadOnlySpan<byte> Put(string text, Span<byte> scratch) =>
        Encoding.UTF8.TryGetBytes(text, scratch, out var length) ? scratch[..length] : [];

    private static ReadOnlySpan<byte> Hex(ReadOnlySpan<byte> value, Span<byte> scratch) =>
        Put($"0x{Convert.ToHexStringLower(value[..Math.Min(value.Length, ShownBytes)])}{(value.Length > ShownBytes ? string.Create(CultureInfo.InvariantCulture, $"… ({value.Length} bytes)") : "")}", scratch);

    /// <summary>Bytes that some writers mean as text without saying so.</summary>
    private static bool IsReadable(ReadOnlySpan<byte> value) => !value.ContainsAnyInRange((byte)0, (byte)31) && System.Text.Unicode.Utf8.IsValid(value);
}
