using System.Buffers.Binary;

namespace ServerlessMeta.Tests.Previews;

/// <summary>Parquet files written byte by byte, which can claim anything: a column each.</summary>
internal static class HandMadeParquet
{
    public const byte Boolean = 0, Int32 = 1, Int96 = 3, Bytes = 6;

    private const byte I32 = 5, I64 = 6, Binary = 8, List = 9, Struct = 12, Optional = 1;

    /// <summary>A list column, whose leaf is repeated at the root, with the same page again and again.</summary>
    public static byte[] Lists(byte type, int rows, int encoding, int values, byte[] page, int pages = 1) =>
        File(type, repetition: 2, rows, (long)values * pages, Enumerable.Repeat(Page(encoding, values, page), pages).SelectMany(static each => each), new ThriftText());

    /// <summary>An optional column of text with statistics and no pages.</summary>
    public static byte[] Described(int rows, Action<ThriftText> statistics)
    {
        var text = new ThriftText();
        statistics(text.Begin(12, Struct));
        return File(Bytes, Optional, rows, rows, [], text);
    }

    /// <summary>Levels or indexes of some bits: a run that repeats one value, with its length in front for levels.</summary>
    public static byte[] Repeat(int count, byte value, bool isLevels)
    {
        byte[] run = [.. Varint((ulong)count << 1), value];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, run.Length);
        return isLevels ? [.. length, .. run] : run;
    }

    /// <summary>Repetition levels of one list: 0 once, then 1.</summary>
    public static byte[] FirstAndOthers(int count)
    {
        byte[] runs = [.. Repeat(1, 0, isLevels: false), .. Repeat(count - 1, 1, isLevels: false)];
        return [(byte)runs.Length, 0, 0, 0, .. runs];
    }

    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }
        return [.. bytes, (byte)value];
    }

    private static byte[] Page(int encoding, int values, byte[] page) =>
        [.. new ThriftText().Put(1, I32, 0).Put(2, I32, page.Length).Put(3, I32, page.Length).Begin(5, Struct).Put(1, I32, values).Put(2, I32, encoding).Put(3, I32, 3).Put(4, I32, 3).End().End().Written, .. page];

    private static byte[] File(byte type, int repetition, int rows, long values, IEnumerable<byte> pages, ThriftText statistics)
    {
        byte[] body = [.. "PAR1"u8, .. pages];
        var footer = new ThriftText().Put(1, I32, 1)
            .Begin(2, List).Raw([0x2C]).Element().Text(4, "root"u8).Put(5, I32, 1).End().Element().Put(1, I32, type).Put(3, I32, repetition).Text(4, "a"u8).End().EndList()
            .Put(3, I64, rows)
            .Begin(4, List).Raw([0x1C]).Element().Begin(1, List).Raw([0x1C]).Element().Begin(3, Struct)
            .Put(1, I32, type).Put(4, I32, 0).Put(5, I64, values).Put(9, I64, 4).Append(statistics).End().End().EndList().Put(3, I64, rows).End().EndList()
            .End().Written;
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        return [.. body, .. footer, .. length, .. "PAR1"u8];
    }

    /// <summary>Thrift's compact protocol, written field by field.</summary>
    internal sealed class ThriftText
    {
        private readonly List<byte> written = [];
        private readonly Stack<int> before = new();
        private int last;

        public byte[] Written => [.. written];

        public ThriftText Put(int field, byte type, long value) => Head(field, type).Raw(Varint((ulong)((value << 1) ^ (value >> 63))));

        public ThriftText Text(int field, ReadOnlySpan<byte> value) => Head(field, Binary).Raw([.. Varint((ulong)value.Length), .. value]);

        public ThriftText Truth(int field, bool value) => Head(field, (byte)(value ? 1 : 2));

        public ThriftText Begin(int field, byte type)
        {
            Head(field, type);
            return Element();
        }

        public ThriftText Element()
        {
            before.Push(last);
            last = 0;
            return this;
        }

        public ThriftText End()
        {
            written.Add(0);
            return EndList();
        }

        public ThriftText EndList()
        {
            last = before.TryPop(out var outer) ? outer : 0;
            return this;
        }

        public ThriftText Raw(byte[] bytes)
        {
            written.AddRange(bytes);
            return this;
        }

        /// <summary>Fields that begin behind the ninth.</summary>
        public ThriftText Append(ThriftText fields)
        {
            // Their first head counts from 0, this one from 9.
            var bytes = fields.Written;
            if (bytes.Length > 0)
            {
                bytes[0] -= 9 << 4;
            }
            return Raw(bytes);
        }

        private ThriftText Head(int field, byte type)
        {
            written.Add((byte)(((field - last) << 4) | type));
            last = field;
            return this;
        }
    }
}
