using ServerlessMeta.Previews;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Reads rows of a Parquet file by the page reader of previews (see <c>decisions/0005</c>): all columns side by side, each with one page in memory.</summary>
internal static class ParquetRows
{
    /// <summary>Values of a page: its header claims how many, and a few bytes can stand for all of them.</summary>
    public const int MostPageValues = 4_000_000;

    /// <summary>Values of the pages of all columns that are in memory at a time.</summary>
    public const long MostHeld = 24_000_000;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static async Task ReadAsync(Stream body, RowTable table, RowFaults faults, CancellationToken ct)
    {
        await using var spooled = await SpooledBody.ReadAsync(body, ct);
        // Headers are read with what follows them, so that some bytes are read twice.
        var budget = new PreviewBudget(TimeProvider.System, 16 * RowIngestOptions.MostBytes, Longest);
        await using var content = new ContentStream(spooled, spooled.Length, budget);
        try
        {
            var (footer, problem) = await ParquetFooter.ReadAsync(content, ct);
            if (footer is null)
            {
                faults.Add("body", problem!);
                return;
            }
            await ReadAsync(content, footer, table, faults, ct);
        }
        catch (Exception broken) when (broken is not (OperationCanceledException or OutOfMemoryException))
        {
            // Codecs have many ways to say that the bytes are not theirs.
            faults.Row(table.Read + 1, budget.Limit is { } limit ? $"The reading ended {limit}."
                : broken is InvalidDataException ? broken.Message : "The Parquet file is broken.");
        }
    }

    private static async Task ReadAsync(ContentStream content, ParquetFooter footer, RowTable table, RowFaults faults, CancellationToken ct)
    {
        if (footer.ColumnCount > RowIngestOptions.MostColumns)
        {
            faults.Add("columns", $"There are up to {RowIngestOptions.MostColumns:#,0} columns.");
            return;
        }
        var scratch = new ParquetScratch();
        var cells = new List<ParquetCells>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var leaf in footer.Leaves)
        {
            if (table.Place(leaf.Name) is not { } place)
            {
                continue;
            }
            if (!names.Add(leaf.Name))
            {
                faults.Add("columns", $"The column '{leaf.Name}' stands there twice.");
            }
            cells.Add(new ParquetCells(content, leaf, table.Columns[place], scratch));
        }
        table.CheckSchema();
        foreach (var group in faults.Any ? [] : footer.Groups)
        {
            for (var column = 0; column < cells.Count; column++)
            {
                cells[column].Begin(column < group.Chunks.Length ? group.Chunks[column] : throw new InvalidDataException("A row group lacks a column."));
            }
            for (var left = group.Rows; left > 0 && table.HasRoom();)
            {
                var rows = (int)Math.Min(left, RowTable.BatchRows);
                foreach (var column in cells)
                {
                    await column.FillAsync(rows, ct);
                }
                table.EndRows(rows);
                left -= rows;
            }
        }
    }
}
