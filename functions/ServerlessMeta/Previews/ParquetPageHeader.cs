namespace ServerlessMeta.Previews;

/// <summary>What stands before each page of a Parquet column.</summary>
/// <param name="Length">The bytes of the header itself.</param>
/// <param name="LevelBytes">In a page of the second kind, the bytes of repetition and definition levels, which are never packed.</param>
internal readonly record struct ParquetPageHeader(int Length, int Type, int UnpackedBytes, int PackedBytes, int Values, int Encoding, int RepetitionBytes, int DefinitionBytes, bool IsPacked)
{
    public const int Data = 0, Dictionary = 2, DataV2 = 3;

    public int LevelBytes => RepetitionBytes + DefinitionBytes;

    public static ParquetPageHeader Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ThriftReader(bytes);
        var header = new ParquetPageHeader(0, -1, 0, 0, 0, 0, 0, 0, true);
        var field = 0;
        while (reader.NextField(ref field, out var type))
        {
            switch (field, type)
            {
                case (1, ThriftReader.I32):
                    header = header with { Type = reader.ReadInt() };
                    break;
                case (2, ThriftReader.I32):
                    header = header with { UnpackedBytes = reader.ReadInt() };
                    break;
                case (3, ThriftReader.I32):
                    header = header with { PackedBytes = reader.ReadInt() };
                    break;
                case (5 or 7, ThriftReader.Struct):
                    header = ReadKind(ref reader, header, second: false);
                    break;
                case (8, ThriftReader.Struct):
                    header = ReadKind(ref reader, header, second: true);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        header = header with { Length = bytes.Length - reader.Left };
        return header.PackedBytes >= 0 && header.UnpackedBytes >= 0 && header.Values >= 0 && header.RepetitionBytes >= 0 && header.DefinitionBytes >= 0 && header.LevelBytes >= 0
            ? header
            : throw ThriftReader.Broken();
    }

    private static ParquetPageHeader ReadKind(ref ThriftReader reader, ParquetPageHeader header, bool second)
    {
        var field = 0;
        while (reader.NextField(ref field, out var type))
        {
            switch (field, type)
            {
                case (1, ThriftReader.I32):
                    header = header with { Values = reader.ReadInt() };
                    break;
                case (2, ThriftReader.I32) when !second:
                case (4, ThriftReader.I32) when second:
                    header = header with { Encoding = reader.ReadInt() };
                    break;
                case (5, ThriftReader.I32) when second:
                    header = header with { DefinitionBytes = reader.ReadInt() };
                    break;
                case (6, ThriftReader.I32) when second:
                    header = header with { RepetitionBytes = reader.ReadInt() };
                    break;
                case (7, ThriftReader.False) when second:
                    header = header with { IsPacked = false };
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return header;
    }
}
