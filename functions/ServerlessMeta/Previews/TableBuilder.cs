using System.Collections.Immutable;

namespace ServerlessMeta.Previews;

/// <summary>Makes a table of rows that are read once, whatever columns turn up; of a cell that is not set there is no value.</summary>
internal sealed class TableBuilder
{
    private readonly List<ColumnProfile> columns = [];
    private readonly List<string?[]> firstRows = [];
    private readonly Dictionary<string, int> names = new(StringComparer.Ordinal);

    public int ColumnCount { get; private set; }

    public long Rows { get; private set; }

    private bool KeepsRow => firstRows.Count > Rows;

    public void AddColumn(string name, ColumnType declared = ColumnType.Unknown)
    {
        if (columns.Count < PreviewLimits.Columns)
        {
            columns.Add(new ColumnProfile(name, declared));
        }
        ColumnCount++;
    }

    /// <summary>The column of that name, a new one if need be; null when it is not shown.</summary>
    public int? Column(string name)
    {
        name = CellText.Of(name);
        if (names.TryGetValue(name, out var known))
        {
            return known;
        }
        if (columns.Count >= PreviewLimits.Columns)
        {
            return null;
        }
        names.Add(name, columns.Count);
        AddColumn(name);
        return columns.Count - 1;
    }

    public void BeginRow()
    {
        if (Rows < PreviewLimits.FirstRows)
        {
            firstRows.Add(new string?[columns.Count]);
        }
    }

    /// <param name="text">UTF-8.</param>
    public void Set(int column, ReadOnlySpan<byte> text, ValueForms forms)
    {
        // Of a name that comes twice in a row, the first value counts.
        if (column >= columns.Count || !columns[column].Add(Rows, text, forms))
        {
            return;
        }
        if (KeepsRow)
        {
            var row = firstRows[^1];
            if (column >= row.Length)
            {
                Array.Resize(ref row, columns.Count);
                firstRows[^1] = row;
            }
            row[column] = CellText.Of(text);
        }
    }

    public void EndRow() => Rows++;

    public TablePreview ToTable(string? limit) => new(
        [.. columns.Select(column => column.ToPreview(Rows))],
        ColumnCount,
        [.. firstRows.Take((int)Math.Min(Rows, PreviewLimits.FirstRows)).Select(row => Enumerable.Range(0, columns.Count).Select(at => at < row.Length ? row[at] : null).ToImmutableArray())],
        Rows,
        limit is null ? Rows : null,
        limit is null,
        limit);
}
