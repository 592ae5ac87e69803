using System.Buffers.Binary;

namespace ServerlessMeta.Previews;

/// <summary>Takes the first rows of a column out of its pages. Of a list, a row's values become one text; nulls in it are left out.</summary>
internal sealed class ParquetColumn(ParquetLeaf leaf, int wanted)
{
    private readonly ColumnProfile profile = new(leaf.Name, leaf.ColumnType);
    private readonly string?[] firstCells = new string?[Math.Min(wanted, PreviewLimits.FirstRows)];
    private readonly ParquetValues values = new();
    private readonly List<byte> list = [];
    private bool inRow, isList;

    public ParquetLeaf Leaf => leaf;

    public ColumnProfile Profile => profile;

    public int Rows { get; private set; }

    public bool IsDone => Rows == wanted;

    /// <summary>What is missing, if anything is.</summary>
    public string? Note { get; set; }

    public string? Cell(int row) => row < Math.Min(Rows, firstCells.Length) ? firstCells[row] : null;

    /// <summary>Takes what is still wanted of a page; false when its encoding is not known.</summary>
    public bool Read(ParquetPageHeader header, ReadOnlyMemory<byte> page, int levelBytes, ParquetValues? dictionary)
    {
        var span = page.Span;
        var v2 = header.Type == ParquetPageHeader.DataV2;
        var at = 0;
        var repetitions = Levels(span, leaf.MaxRepetition, v2 ? header.RepetitionBytes : null, ref at);
        var definitions = Levels(span, leaf.MaxDefinition, v2 ? header.DefinitionBytes : null, ref at);
        at = v2 ? levelBytes : at;
        // Of a flat column only so many values are needed; of lists nobody knows beforehand.
        var entries = leaf.MaxRepetition > 0 ? header.Values : Math.Min(header.Values, wanted - Rows);
        if (!values.Read(leaf, header.Encoding, page[at..], Count(definitions, entries), dictionary))
        {
            return false;
        }
        Take(repetitions, definitions, entries);
        return true;
    }

    /// <summary>The last row of a list column ends where the column does.</summary>
    public void End()
    {
        if (inRow && Rows < wanted)
        {
            EndRow();
        }
        inRow = false;
    }

    private void Take(HybridReader repetitions, HybridReader definitions, int entries)
    {
        Span<byte> scratch = stackalloc byte[ParquetText.ScratchBytes];
        var next = 0;
        for (var i = 0; i < entries && Rows < wanted; i++)
        {
            var isNew = leaf.MaxRepetition == 0 || repetitions.Next() == 0;
            var definition = leaf.MaxDefinition == 0 ? 0 : definitions.Next();
            var text = definition == leaf.MaxDefinition ? ParquetText.Of(leaf, values[next++], scratch) : [];
            if (leaf.MaxRepetition == 0)
            {
                AddRow(definition == leaf.MaxDefinition, text);
                continue;
            }
            if (isNew)
            {
                End();
                (inRow, isList) = (true, definition > 0);
                list.Clear();
            }
            if (definition == leaf.MaxDefinition && list.Count < 4 * PreviewLimits.CellCharacters)
            {
                list.AddRange(list.Count == 0 ? [] : ", "u8);
                list.AddRange(text);
            }
        }
    }

    private void EndRow() => AddRow(isList, [(byte)'[', .. list, (byte)']']);

    private void AddRow(bool isValue, ReadOnlySpan<byte> text)
    {
        if (isValue)
        {
            profile.Add(Rows, text, ValueForms.Text);
            if (Rows < firstCells.Length)
            {
                firstCells[Rows] = CellText.Of(text);
            }
        }
        Rows++;
    }

    private int Count(HybridReader definitions, int entries)
    {
        if (leaf.MaxDefinition == 0)
        {
            return entries;
        }
        var count = 0;
        for (var i = 0; i < entries; i++)
        {
            count += definitions.Next() == leaf.MaxDefinition ? 1 : 0;
        }
        return count;
    }

    private static HybridReader Levels(ReadOnlySpan<byte> page, int max, int? bytes, ref int at)
    {
        if (max == 0)
        {
            at += bytes ?? 0;
            return default;
        }
        if (bytes is null)
        {
            bytes = at + 4 <= page.Length ? BinaryPrimitives.ReadInt32LittleEndian(page[at..]) : -1;
            at += 4;
        }
        if (bytes < 0 || bytes > page.Length - at)
        {
            throw ThriftReader.Broken();
        }
        at += bytes.Value;
        return new HybridReader(page.Slice(at - bytes.Value, bytes.Value), 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)max));
    }
}
