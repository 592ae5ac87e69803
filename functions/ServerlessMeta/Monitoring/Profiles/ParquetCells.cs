using System.Buffers.Binary;
using System.Text;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>The cells of one column of a Parquet file, a page at a time. The rows of lists are one category; their values are not looked at.</summary>
internal sealed class ParquetCells(ContentStream content, ParquetLeaf leaf, RowColumn column, ParquetScratch scratch)
{
    private readonly bool isNumeric = !column.IsKept && leaf.MaxRepetition == 0 && leaf.ColumnType is ColumnType.Integer or ColumnType.Number;
    private ParquetChunk chunk = new();
    private long offset, left;
    private double[] numbers = [], ofDictionary = [];
    private string?[] texts = [], textsOfDictionary = [];
    private bool hasDictionary;
    private int at, count, dictionaryCount;

    /// <summary>Goes on with the next row group.</summary>
    public void Begin(ParquetChunk next)
    {
        (chunk, offset, left, hasDictionary) = (next, next.Offset, next.Values, false);
        (at, count) = (0, 0);
    }

    /// <summary>Sets the cells of so many rows, the first of the batch.</summary>
    /// <exception cref="InvalidDataException">The column is broken, or has too few values.</exception>
    public async ValueTask FillAsync(int rows, CancellationToken ct)
    {
        for (var row = 0; row < rows;)
        {
            if (at == count)
            {
                await ReadPageAsync(ct);
                continue;
            }
            var some = Math.Min(rows - row, count - at);
            if (isNumeric)
            {
                numbers.AsSpan(at, some).CopyTo(column.Numbers.AsSpan(row));
            }
            else
            {
                for (var i = 0; i < some; i++)
                {
                    if (texts[at + i] is { } text)
                    {
                        column.Set(row + i, text);
                    }
                }
            }
            at += some;
            row += some;
        }
    }

    private async ValueTask ReadPageAsync(CancellationToken ct)
    {
        (at, count) = (0, 0);
        if (left <= 0)
        {
            throw new InvalidDataException($"The column '{leaf.Name}' has fewer values than there are rows.");
        }
        var header = ParquetPageHeader.Read((await content.ReadAtAsync(offset, ParquetPages.HeaderBytes, ct)).Span);
        if (header.PackedBytes > PreviewLimits.ParquetPageBytes || header.UnpackedBytes > PreviewLimits.ParquetPageBytes || header.Values > ParquetRows.MostPageValues)
        {
            throw new InvalidDataException($"A page has up to {PreviewLimits.ParquetPageBytes >> 20} MiB and {ParquetRows.MostPageValues:#,0} values; column '{leaf.Name}' has a larger one.");
        }
        var packed = await content.ReadAtAsync(offset + header.Length, header.PackedBytes, ct);
        if (packed.Length < header.PackedBytes)
        {
            throw new InvalidDataException("The file breaks off.");
        }
        offset += header.Length + header.PackedBytes;
        switch (header.Type)
        {
            case ParquetPageHeader.Dictionary:
                ReadDictionary(header, hasDictionary ? throw ThriftReader.Broken() : Unpack(header, packed));
                break;
            case ParquetPageHeader.Data or ParquetPageHeader.DataV2:
                ReadData(header, Unpack(header, packed));
                left -= Math.Max(1, header.Values);
                break;
            default:
                // An index, or what a later format has.
                left -= offset > content.Length ? left : 0;
                break;
        }
    }

    private ReadOnlyMemory<byte> Unpack(ParquetPageHeader header, ReadOnlyMemory<byte> packed) =>
        ParquetPages.Unpack(chunk, header, packed, ref scratch.Page) ?? throw Unknown();

    private InvalidDataException Unknown() => new($"The codec or encoding of column '{leaf.Name}' is not known.");

    private void ReadDictionary(ParquetPageHeader header, ReadOnlyMemory<byte> page)
    {
        hasDictionary = true;
        if (header.Values > ParquetPages.MaxDictionary || !scratch.Values.Read(leaf, ParquetValues.Plain, page, header.Values, null))
        {
            throw Unknown();
        }
        dictionaryCount = header.Values;
        Room(ref ofDictionary, ref textsOfDictionary, dictionaryCount);
        for (var i = 0; i < header.Values; i++)
        {
            Convert(scratch.Values[i], ofDictionary, textsOfDictionary, i);
        }
    }

    private void ReadData(ParquetPageHeader header, ReadOnlyMemory<byte> page)
    {
        var span = page.Span;
        var v2 = header.Type == ParquetPageHeader.DataV2;
        var begin = 0;
        var repetitions = ParquetColumn.Levels(span, leaf.MaxRepetition, v2 ? header.RepetitionBytes : null, ref begin);
        var definitions = ParquetColumn.Levels(span, leaf.MaxDefinition, v2 ? header.DefinitionBytes : null, ref begin);
        begin = v2 ? header.LevelBytes : begin;
        Room(ref numbers, ref texts, header.Values);
        if (leaf.MaxRepetition > 0)
        {
            ReadLists(header.Values, repetitions, definitions);
            return;
        }
        var present = header.Values;
        if (leaf.MaxDefinition > 0)
        {
            present = 0;
            var counting = definitions;
            for (var i = 0; i < header.Values; i++)
            {
                present += counting.Next() == leaf.MaxDefinition ? 1 : 0;
            }
        }
        if (header.Encoding is ParquetValues.PlainDictionary or ParquetValues.Dictionary)
        {
            TakeFromDictionary(span[begin..], header.Values, definitions);
        }
        else if (scratch.Values.Read(leaf, header.Encoding, page[begin..], present, null))
        {
            Take(header.Values, definitions);
        }
        else
        {
            throw Unknown();
        }
        count = header.Values;
    }

    private void Take(int values, HybridReader definitions)
    {
        var next = 0;
        for (var i = 0; i < values; i++)
        {
            if (leaf.MaxDefinition == 0 || definitions.Next() == leaf.MaxDefinition)
            {
                Convert(scratch.Values[next++], numbers, texts, i);
            }
            else
            {
                Clear(i);
            }
        }
    }

    private void TakeFromDictionary(ReadOnlySpan<byte> data, int values, HybridReader definitions)
    {
        if (!hasDictionary)
        {
            throw ThriftReader.Broken();
        }
        var indexes = data.IsEmpty ? default : new HybridReader(data[1..], data[0]);
        for (var i = 0; i < values; i++)
        {
            if (leaf.MaxDefinition > 0 && definitions.Next() != leaf.MaxDefinition)
            {
                Clear(i);
                continue;
            }
            var index = data.IsEmpty ? -1 : indexes.Next();
            if ((uint)index >= (uint)dictionaryCount)
            {
                throw ThriftReader.Broken();
            }
            if (isNumeric)
            {
                numbers[i] = ofDictionary[index];
            }
            else
            {
                texts[i] = textsOfDictionary[index];
            }
        }
    }

    /// <summary>A row begins where nothing is repeated; it has a list where anything is defined.</summary>
    private void ReadLists(int values, HybridReader repetitions, HybridReader definitions)
    {
        for (var i = 0; i < values; i++)
        {
            var isNew = repetitions.Next() == 0;
            var isDefined = leaf.MaxDefinition == 0 || definitions.Next() > 0;
            if (isNew)
            {
                texts[count++] = isDefined ? CategoryText.List : null;
            }
        }
    }

    private void Clear(int place)
    {
        if (isNumeric)
        {
            numbers[place] = double.NaN;
        }
        else
        {
            texts[place] = null;
        }
    }

    private void Convert(ReadOnlySpan<byte> value, double[] intoNumbers, string?[] intoTexts, int place)
    {
        if (isNumeric)
        {
            intoNumbers[place] = Number(value);
            return;
        }
        Span<byte> written = stackalloc byte[ParquetText.ScratchBytes];
        var text = ParquetText.Of(leaf, value, written);
        intoTexts[place] = text.IsEmpty ? null : column.Word(Encoding.UTF8.GetString(text));
    }

    private double Number(ReadOnlySpan<byte> value)
    {
        var isPlain = leaf.Meaning is not (ParquetMeaning.Decimal or ParquetMeaning.Half);
        switch (leaf.Type)
        {
            case ParquetType.Double when value.Length >= sizeof(double):
                return BinaryPrimitives.ReadDoubleLittleEndian(value);
            case ParquetType.Float when value.Length >= sizeof(float):
                return BinaryPrimitives.ReadSingleLittleEndian(value);
            case ParquetType.Int32 when isPlain && value.Length >= sizeof(int):
                return leaf.Meaning is ParquetMeaning.Unsigned ? BinaryPrimitives.ReadUInt32LittleEndian(value) : BinaryPrimitives.ReadInt32LittleEndian(value);
            case ParquetType.Int64 when isPlain && value.Length >= sizeof(long):
                return leaf.Meaning is ParquetMeaning.Unsigned ? BinaryPrimitives.ReadUInt64LittleEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
            default:
                Span<byte> written = stackalloc byte[ParquetText.ScratchBytes];
                return NumberText.TryParse(ParquetText.Of(leaf, value, written), out var number) ? number : double.NaN;
        }
    }

    private void Room(ref double[] ofNumbers, ref string?[] ofTexts, int places)
    {
        if (isNumeric && ofNumbers.Length < places)
        {
            scratch.Hold(places - ofNumbers.Length);
            ofNumbers = new double[places];
        }
        else if (!isNumeric && ofTexts.Length < places)
        {
            scratch.Hold(places - ofTexts.Length);
            ofTexts = new string?[places];
        }
    }
}
