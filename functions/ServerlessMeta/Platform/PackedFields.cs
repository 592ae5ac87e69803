using System.Buffers;
using System.Text;

namespace ServerlessMeta.Platform;

/// <summary>
/// Pairs of texts in a binary property: varint length and UTF-8 bytes of the key, then of the value, one pair after another.
/// A lone surrogate is stored as U+FFFD, as in any UTF-8 text.
/// </summary>
internal static class PackedFields
{
    public static int Measure(Tag field)
    {
        var key = Encoding.UTF8.GetByteCount(field.Key);
        var value = Encoding.UTF8.GetByteCount(field.Value);
        return Varint.Size((ulong)key) + key + Varint.Size((ulong)value) + value;
    }

    public static byte[] Encode(IReadOnlyList<Tag> fields)
    {
        var packed = new byte[fields.Sum(Measure)];
        var rest = packed.AsSpan();
        foreach (var field in fields)
        {
            rest = Write(Write(rest, field.Key), field.Value);
        }
        return packed;
    }

    public static void Decode(ReadOnlySpan<byte> packed, ICollection<Tag> into)
    {
        while (!packed.IsEmpty)
        {
            var key = Take(ref packed);
            into.Add(new Tag(Encoding.UTF8.GetString(key), Encoding.UTF8.GetString(Take(ref packed))));
        }
    }

    /// <summary>The value of a key, without decoding the others; null when absent.</summary>
    public static string? Find(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> key)
    {
        while (!packed.IsEmpty)
        {
            var found = Take(ref packed).SequenceEqual(key);
            var value = Take(ref packed);
            if (found)
            {
                return Encoding.UTF8.GetString(value);
            }
        }
        return null;
    }

    /// <summary>The next pair where it lies; false at the end.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> packed, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        if (packed.IsEmpty)
        {
            key = value = default;
            return false;
        }
        key = Take(ref packed);
        value = Take(ref packed);
        return true;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> packed)
    {
        var length = (int)Varint.Read(ref packed);
        var text = packed[..length];
        packed = packed[length..];
        return text;
    }

    private static Span<byte> Write(Span<byte> rest, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var at = Varint.Write(rest, (ulong)length);
        Encoding.UTF8.GetBytes(text, rest[at..]);
        return rest[(at + length)..];
    }
}
