using System.Buffers.Binary;
using System.Collections.Immutable;

namespace ServerlessMeta.Previews;

/// <summary>What stands at the end of a Parquet file: its columns, and where each lies in which row group. See the format's <c>parquet.thrift</c>.</summary>
internal sealed record ParquetFooter(long Rows, int ColumnCount, ImmutableArray<ParquetLeaf> Leaves, ImmutableArray<ParquetGroup> Groups)
{
    private const int TailBytes = 8;
    private const int LikelyBytes = 64 * 1024;
    private const int MaxColumns = 100_000;
    private const int MaxChunks = 300_000;

    /// <summary>Null when the file is no Parquet file or its footer is too large.</summary>
    public static async ValueTask<(ParquetFooter? Footer, string? Problem)> ReadAsync(ContentStream content, CancellationToken ct)
    {
        // Most footers come with the tail that tells their length.
        var tail = await content.ReadAtAsync(Math.Max(0, content.Length - LikelyBytes), LikelyBytes, ct);
        var length = FooterLength(tail.Span);
        if (length < 0 || length > content.Length - TailBytes)
        {
            return (null, content.Budget.Limit is { } limit ? $"The reading ended {limit}." : "It is no Parquet file, or only a part of one.");
        }
        if (length > PreviewLimits.ParquetFooterBytes)
        {
            return (null, $"Its footer has more than {PreviewLimits.ParquetFooterBytes >> 20} MiB.");
        }
        var bytes = length + TailBytes <= tail.Length ? tail[^(length + TailBytes)..] : await content.ReadAtAsync(content.Length - TailBytes - length, length, ct);
        var footer = Parse(bytes.Span);
        return footer.ColumnCount > MaxColumns ? (null, $"It has more than {MaxColumns:#,0} columns.") : (footer, null);
    }

    private static int FooterLength(ReadOnlySpan<byte> tail) =>
        tail.Length >= TailBytes && tail.EndsWith("PAR1"u8) ? BinaryPrimitives.ReadInt32LittleEndian(tail[^TailBytes..]) : -1;

    private static ParquetFooter Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ThriftReader(bytes);
        long rows = 0;
        var schema = new ParquetSchema();
        var groups = ImmutableArray.CreateBuilder<ParquetGroup>();
        var chunks = 0;
        var field = 0;
        while (reader.NextField(ref field, out var type))
        {
            switch (field)
            {
                case 2 when type == ThriftReader.List:
                    for (var left = reader.ReadList(out _); left > 0; left--)
                    {
                        schema.Read(ref reader);
                    }
                    break;
                case 3 when type == ThriftReader.I64:
                    rows = reader.ReadInteger();
                    break;
                case 4 when type == ThriftReader.List:
                    for (var left = reader.ReadList(out _); left > 0; left--)
                    {
                        groups.Add(ReadGroup(ref reader));
                        // Each takes memory, though a few bytes can claim many.
                        chunks += 1 + groups[^1].Chunks.Length;
                        if (chunks > MaxChunks)
                        {
                            throw ThriftReader.Broken();
                        }
                    }
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return new ParquetFooter(Math.Max(0, rows), schema.LeafCount, schema.Leaves, groups.ToImmutable());
    }

    private static ParquetGroup ReadGroup(ref ThriftReader reader)
    {
        var chunks = ImmutableArray.CreateBuilder<ParquetChunk>();
        long rows = 0;
        var field = 0;
        while (reader.NextField(ref field, out var type))
        {
            if (field == 1 && type == ThriftReader.List)
            {
                var left = reader.ReadList(out _);
                for (; left > 0 && chunks.Count < PreviewLimits.Columns; left--)
                {
                    chunks.Add(ReadChunk(ref reader));
                }
                for (; left > 0; left--)
                {
                    reader.Skip(ThriftReader.Struct);
                }
            }
            else if (field == 3 && type == ThriftReader.I64)
            {
                rows = reader.ReadInteger();
            }
            else
            {
                reader.Skip(type);
            }
        }
        return new ParquetGroup(Math.Max(0, rows), chunks.ToImmutable());
    }

    private static ParquetChunk ReadChunk(ref ThriftReader reader)
    {
        var chunk = new ParquetChunk();
        var field = 0;
        while (reader.NextField(ref field, out var type))
        {
            if (field == 3 && type == ThriftReader.Struct)
            {
                chunk = ReadMetadata(ref reader);
            }
            else
            {
                reader.Skip(type);
            }
        }
        return chunk;
    }

    private static ParquetChunk ReadMetadata(ref ThriftReader reader)
    {
        var chunk = new ParquetChunk();
        var field = 0;
        while (reader.NextField(ref field, out var type))
        {
            switch (field)
            {
                case 4 when type == ThriftReader.I32:
                    chunk = chunk with { Codec = reader.ReadInt() };
                    break;
                case 5 when type == ThriftReader.I64:
                    chunk = chunk with { Values = reader.ReadInteger() };
                    break;
                // Pages of data, of an index or of a dictionary: whichever is first. Some writers say 0 for none.
                case 9 or 10 or 11 when type == ThriftReader.I64:
                    var offset = reader.ReadInteger();
                    chunk = offset > 0 && (chunk.Offset == 0 || offset < chunk.Offset) ? chunk with { Offset = offset } : chunk;
                    break;
                case 12 when type == ThriftReader.Struct:
                    chunk = ReadStatistics(ref reader, chunk);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return chunk;
    }

    /// <summary>The fields 1 and 2 are older ones, where bytes were ordered as signed: good for numbers only, and numbers have both.</summary>
    private static ParquetChunk ReadStatistics(ref ThriftReader reader, ParquetChunk chunk)
    {
        var field = 0;
        var (isMaxExact, isMinExact) = (true, true);
        while (reader.NextField(ref field, out var type))
        {
            switch (field)
            {
                case 3 when type == ThriftReader.I64:
                    chunk = chunk with { Nulls = reader.ReadInteger() };
                    break;
                case 5 when type == ThriftReader.Binary:
                    chunk = chunk with { Max = Kept(reader.ReadBinary()) };
                    break;
                case 6 when type == ThriftReader.Binary:
                    chunk = chunk with { Min = Kept(reader.ReadBinary()) };
                    break;
                // Some writers cut long texts, which gives bounds that no value need have. A truth value is its type.
                case 7 when type is ThriftReader.True or ThriftReader.False:
                    isMaxExact = type == ThriftReader.True;
                    break;
                case 8 when type is ThriftReader.True or ThriftReader.False:
                    isMinExact = type == ThriftReader.True;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return chunk with { Max = isMaxExact ? chunk.Max : null, Min = isMinExact ? chunk.Min : null };

        static byte[] Kept(ReadOnlySpan<byte> value) => value[..Math.Min(value.Length, 4 * PreviewLimits.CellCharacters)].ToArray();
    }
}
