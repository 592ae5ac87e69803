using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ServerlessMeta.Previews;

/// <summary>Takes the first rows of a column out of its pages. Of a list, a row's values become one text; nulls in it are left out.</summary>
internal sealed class ParquetColumn(ParquetLeaf leaf, int wanted, PreviewBudget budget)
{
    /// <summary>What is done between two looks at the clock: a value, or some of the bytes of a long one, is one step.</summary>
    private const int StepsAtOnce = 4 * 1024;

    private const int StepBytes = 64;

    /// <summary>Of a list this much is taken, then no further value; of a value in it no more than <see cref="ElementBytes"/>.</summary>
    private const int ListBytes = 4 * PreviewLimits.CellCharacters;

    private const int ElementBytes = 16 * 1024;

    private readonly ColumnProfile profile = new(leaf.Name, leaf.ColumnType);
    private readonly string?[] firstCells = new string?[Math.Min(wanted, PreviewLimits.FirstRows)];
    private readonly List<byte> list = [];
    private bool inRow, isList;
    private int steps;

    public ParquetLeaf Leaf => leaf;

    public ColumnProfile Profile => profile;

    public int Rows { get; private set; }

    public bool IsDone => Rows == wanted;

    /// <summary>Whether the budget ended within a page.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What is missing, if anything is.</summary>
    public string? Note { get; set; }

    public string? Cell(int row) => row < Math.Min(Rows, firstCells.Length) ? firstCells[row] : null;

    /// <summary>Takes what is still wanted of a page, or what there is time for; false when its encoding is not known.</summary>
    /// <param name="values">For the values of the page; they are not needed afterwards.</param>
    public bool Read(ParquetPageHeader header, ReadOnlyMemory<byte> page, ParquetValues values, ParquetValues? dictionary)
    {
        var span = page.Span;
        var v2 = header.Type == ParquetPageHeader.DataV2;
        var at = 0;
        var repetitions = Levels(span, leaf.MaxRepetition, v2 ? header.RepetitionBytes : null, ref at);
        var definitions = Levels(span, leaf.MaxDefinition, v2 ? header.DefinitionBytes : null, ref at);
        at = v2 ? header.LevelBytes : at;
        // Of a flat column only so many values are needed; of lists nobody knows beforehand, so their pages are held to a limit.
        var entries = leaf.MaxRepetition > 0 ? header.Values : Math.Min(header.Values, wanted - Rows);
        var count = Count(definitions, entries);
        if (IsCut)
        {
            return true;
        }
        if (!values.Read(leaf, header.Encoding, page[at..], count, dictionary))
        {
            return false;
        }
        Take(repetitions, definitions, entries, values);
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

    private void Take(HybridReader repetitions, HybridReader definitions, int entries, ParquetValues values)
    {
        Span<byte> scratch = stackalloc byte[ParquetText.ScratchBytes];
        var next = 0;
        for (var i = 0; i < entries && Rows < wanted && HasTime(); i++)
        {
            var isNew = leaf.MaxRepetition == 0 || repetitions.Next() == 0;
            var definition = leaf.MaxDefinition == 0 ? 0 : definitions.Next();
            var text = definition == leaf.MaxDefinition ? ParquetText.Of(leaf, values[next++], scratch) : [];
            steps += text.Length / StepBytes;
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
                list.Add((byte)'[');
            }
            if (definition == leaf.MaxDefinition && list.Count <= ListBytes)
            {
                list.AddRange(list.Count == 1 ? [] : ", "u8);
                list.AddRange(text[..Math.Min(text.Length, ElementBytes)]);
            }
        }
    }

    private void EndRow()
    {
        list.Add((byte)']');
        AddRow(isList, CollectionsMarshal.AsSpan(list));
    }

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
        for (var i = 0; i < entries && HasTime(); i++)
        {
            count += definitions.Next() == leaf.MaxDefinition ? 1 : 0;
        }
        return count;
    }

    private bool HasTime()
    {
        if (++steps < StepsAtOnce)
        {
            return true;
        }
        steps = 0;
        IsCut |= budget.IsSpent();
        return !IsCut;
    }

    /// <summary>The repetition or definition levels at the beginning of a page; <paramref name="at"/> moves behind them.</summary>
    /// <param name="bytes">How many bytes they take, where the header says it; else they tell it themselves.</param>
    internal static HybridReader Levels(ReadOnlySpan<byte> page, int max, int? bytes, ref int at)
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
