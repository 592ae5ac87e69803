using System.Collections.Immutable;
using System.Globalization;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Keeps rows at random, each with the same chance (J. Vitter, algorithm R, 1985). A seed decides which.</summary>
internal sealed class RowSampler(int size, ulong seed)
{
    private readonly SeededBits bits = new(seed);
    private readonly List<string?[]> rows = [];
    private long from;

    public void Add(IReadOnlyList<RowColumn> columns, int count)
    {
        for (var row = 0; row < count; row++)
        {
            from++;
            if (rows.Count < size)
            {
                rows.Add(Cells(columns, row));
            }
            else if (bits.Below((ulong)from) is var place && place < (ulong)size)
            {
                rows[(int)place] = Cells(columns, row);
            }
        }
    }

    public RowSample Build(IReadOnlyList<RowColumn> columns)
    {
        var kept = columns.Select(static (column, at) => (column, at)).Where(static one => !one.column.IsKept).ToList();
        return new RowSample(
            from,
            [.. kept.Select(static one => one.column.Name)],
            [.. rows.Select(row => kept.Select(one => one.at < row.Length ? row[one.at] : null).ToImmutableArray())]);
    }

    private static string?[] Cells(IReadOnlyList<RowColumn> columns, int row)
    {
        var cells = new string?[columns.Count];
        for (var at = 0; at < cells.Length; at++)
        {
            var column = columns[at];
            cells[at] = column.IsKept ? null : column.Texts[row] ?? (double.IsNaN(column.Numbers[row]) ? null : column.Numbers[row].ToString("R", CultureInfo.InvariantCulture));
        }
        return cells;
    }
}
