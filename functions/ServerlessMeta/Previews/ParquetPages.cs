using System.Numerics;

namespace ServerlessMeta.Previews;

/// <summary>Reads the pages of column chunks, one at a time and only those that are wanted. Their buffers are used again.</summary>
internal sealed class ParquetPages(ContentStream content)
{
    internal const int HeaderBytes = 64 * 1024;
    internal const int MaxDictionary = 1_000_000;

    // One of each for all columns: their values may take as much as their bytes.
    private readonly ParquetValues values = new(), dictionaryValues = new();
    private byte[] pageBuffer = [], dictionaryBuffer = [];

    public PreviewBudget Budget => content.Budget;

    /// <summary>Reads on until the column has what it wants or the chunk ends; says what stopped it, null when nothing did.</summary>
    public async ValueTask<string?> ReadAsync(ParquetColumn column, ParquetChunk chunk, CancellationToken ct)
    {
        ParquetValues? dictionary = null;
        var offset = chunk.Offset;
        for (var left = chunk.Values; left > 0 && !column.IsDone;)
        {
            if (content.Budget.IsSpent())
            {
                return Spent();
            }
            var header = ParquetPageHeader.Read((await content.ReadAtAsync(offset, HeaderBytes, ct)).Span);
            if (header.PackedBytes > PreviewLimits.ParquetPageBytes || header.UnpackedBytes > PreviewLimits.ParquetPageBytes)
            {
                return $"a page of it has more than {PreviewLimits.ParquetPageBytes >> 20} MiB";
            }
            var packed = await content.ReadAtAsync(offset + header.Length, header.PackedBytes, ct);
            if (packed.Length < header.PackedBytes)
            {
                return content.Budget.IsSpent() ? Spent() : "the file breaks off";
            }
            offset += header.Length + header.PackedBytes;
            if (header.Type == ParquetPageHeader.Dictionary)
            {
                // A chunk has one at most, and each takes work that few bytes can claim.
                dictionary = dictionary is null ? ReadDictionary(column.Leaf, chunk, header, packed) : throw ThriftReader.Broken();
                if (dictionary is null)
                {
                    return "its codec or encoding is not known";
                }
            }
            else if (header.Type is ParquetPageHeader.Data or ParquetPageHeader.DataV2)
            {
                if (column.Leaf.MaxRepetition > 0 && header.Values > PreviewLimits.ParquetPageValues)
                {
                    return $"a page of it has more than {PreviewLimits.ParquetPageValues:#,0} values";
                }
                if (Unpack(chunk, header, packed, ref pageBuffer) is not { } page || !column.Read(header, page, values, dictionary))
                {
                    return "its codec or encoding is not known";
                }
                if (column.IsCut)
                {
                    return Spent();
                }
                left -= header.Values;
            }
        }
        return null;
    }

    private string Spent() => $"the reading ended {content.Budget.Limit}";

    private ParquetValues? ReadDictionary(ParquetLeaf leaf, ParquetChunk chunk, ParquetPageHeader header, ReadOnlyMemory<byte> packed)
    {
        if (header.Values > MaxDictionary)
        {
            throw ThriftReader.Broken();
        }
        return Unpack(chunk, header, packed, ref dictionaryBuffer) is { } page && dictionaryValues.Read(leaf, ParquetValues.Plain, page, header.Values, null) ? dictionaryValues : null;
    }

    /// <summary>The page as it was before it was packed; null when the codec is not known. The levels of a page of the second kind are not packed.</summary>
    internal static ReadOnlyMemory<byte>? Unpack(ParquetChunk chunk, ParquetPageHeader header, ReadOnlyMemory<byte> packed, ref byte[] buffer)
    {
        if (buffer.Length < header.UnpackedBytes)
        {
            buffer = new byte[BitOperations.RoundUpToPowerOf2((uint)header.UnpackedBytes)];
        }
        var levels = header.LevelBytes;
        if (levels > header.PackedBytes || levels > header.UnpackedBytes)
        {
            throw ThriftReader.Broken();
        }
        packed[..levels].CopyTo(buffer);
        var into = buffer.AsMemory(levels, header.UnpackedBytes - levels);
        // An empty page may have no packed form at all.
        var unpacked = into.IsEmpty ? 0 : ParquetCodec.Unpack(header.IsPacked ? chunk.Codec : 0, packed[levels..], into);
        if (unpacked is null)
        {
            return null;
        }
        return buffer.AsMemory(0, levels + unpacked.Value);
    }
}
