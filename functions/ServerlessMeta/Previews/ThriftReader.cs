namespace ServerlessMeta.Previews;

/// <summary>
/// Reads Thrift's compact protocol, as Parquet writes its footer and page headers, from bytes of any origin: whatever is not there, or nested too deep, is an
/// <see cref="InvalidDataException"/>, and nothing is allocated by a size that the bytes only claim.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    public const byte True = 1, False = 2, Byte = 3, I16 = 4, I32 = 5, I64 = 6, Double = 7, Binary = 8, List = 9, Set = 10, Map = 11, Struct = 12;

    private const int MaxDepth = 32;

    private ReadOnlySpan<byte> rest = data;

    public readonly int Left => rest.Length;

    /// <summary>The next field of a struct; false at its end.</summary>
    /// <param name="field">The number of the field before, 0 at first; becomes that of this field.</param>
    public bool NextField(ref int field, out byte type)
    {
        var head = ReadByte();
        type = (byte)(head & 15);
        if (head == 0)
        {
            return false;
        }
        field = head >> 4 is var step and not 0 ? field + step : (int)ReadInteger();
        return true;
    }

    public byte ReadByte()
    {
        var value = Take(1)[0];
        return value;
    }

    public long ReadInteger()
    {
        var folded = ReadUnsigned();
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }

    public int ReadInt() => (int)Math.Clamp(ReadInteger(), int.MinValue, int.MaxValue);

    public ReadOnlySpan<byte> ReadBinary()
    {
        var length = ReadUnsigned();
        return length <= (ulong)rest.Length ? Take((int)length) : throw Broken();
    }

    /// <summary>How many elements follow: each takes a byte at least.</summary>
    public int ReadList(out byte type)
    {
        var head = ReadByte();
        type = (byte)(head & 15);
        var count = head >> 4 is var small and not 15 ? (ulong)small : ReadUnsigned();
        return count <= (ulong)rest.Length ? (int)count : throw Broken();
    }

    public void Skip(byte type, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw Broken();
        }
        switch (type)
        {
            case True or False:
                break;
            case Byte:
                Take(1);
                break;
            case I16 or I32 or I64:
                ReadUnsigned();
                break;
            case Double:
                Take(8);
                break;
            case Binary:
                ReadBinary();
                break;
            case List or Set:
                for (var left = ReadList(out var element); left > 0; left--)
                {
                    SkipElement(element, depth);
                }
                break;
            case Map:
                SkipMap(depth);
                break;
            case Struct:
                var field = 0;
                while (NextField(ref field, out var inner))
                {
                    Skip(inner, depth + 1);
                }
                break;
            default:
                throw Broken();
        }
    }

    public static InvalidDataException Broken() => new("The Parquet metadata are broken.");

    /// <summary>A truth value takes a byte in a list, none in a struct.</summary>
    private void SkipElement(byte type, int depth) => Skip(type is True or False ? Byte : type, depth + 1);

    private void SkipMap(int depth)
    {
        var count = ReadUnsigned();
        if (count == 0)
        {
            return;
        }
        var types = ReadByte();
        for (; count > 0; count--)
        {
            SkipElement((byte)(types >> 4), depth);
            SkipElement((byte)(types & 15), depth);
        }
    }

    private ulong ReadUnsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
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

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > rest.Length)
        {
            throw Broken();
        }
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
