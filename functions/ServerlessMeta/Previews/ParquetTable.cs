using System.Collections.Immutable;

namespace ServerlessMeta.Previews;

/// <summary>
/// A Parquet file as a table. Its footer tells how many rows there are, and most often how many nulls and which least and greatest values each column has; the first
/// pages of each column give its first rows and how many values differ. See <c>decisions/0005</c> for why no package reads it.
/// </summary>
internal static class ParquetTable
{
    public static async Task<Preview> MakeAsync(ContentStream content, CancellationToken ct)
    {
        var (footer, problem) = await ParquetFooter.ReadAsync(content, ct);
        if (footer is null)
        {
            return Preview.None(problem!);
        }
        if (footer.ColumnCount == 0)
        {
            return Preview.None("It has no columns.");
        }
        var wanted = (int)Math.Min(PreviewLimits.ParquetRows, footer.Rows);
        var pages = new ParquetPages(content);
        var columns = new List<ParquetColumn>();
        for (var at = 0; at < footer.Leaves.Length; at++)
        {
            columns.Add(await ReadAsync(pages, footer, at, wanted, ct));
        }
        return new Preview { Kind = PreviewKind.Table, Table = Table(footer, columns, wanted, content.Budget) };
    }

    private static async Task<ParquetColumn> ReadAsync(ParquetPages pages, ParquetFooter footer, int at, int wanted, CancellationToken ct)
    {
        var column = new ParquetColumn(footer.Leaves[at], wanted, pages.Budget);
        try
        {
            foreach (var group in footer.Groups)
            {
                if (column.IsDone || column.Note is not null)
                {
                    break;
                }
                column.Note = at < group.Chunks.Length ? await pages.ReadAsync(column, group.Chunks[at], ct) : "a row group has no such column";
                if (column.Note is null)
                {
                    column.End();
                }
            }
        }
        catch (Exception fault) when (fault is not ContentFaultException && !PreviewMaker.IsCircumstance(fault) && !ct.IsCancellationRequested)
        {
            // Codecs have many ways to say that the bytes are not theirs; the other columns may be whole.
            column.Note = "its pages are broken";
        }
        return column;
    }

    private static TablePreview Table(ParquetFooter footer, List<ParquetColumn> columns, int wanted, PreviewBudget budget)
    {
        var whole = footer.Rows == wanted && columns.All(static column => column.IsDone) && footer.ColumnCount == columns.Count;
        return new TablePreview(
            [.. columns.Select((column, at) => Describe(footer, column, at))],
            footer.ColumnCount,
            [.. Enumerable.Range(0, Math.Min(wanted, PreviewLimits.FirstRows)).Select(row => columns.Select(column => column.Cell(row)).ToImmutableArray())],
            columns.Max(static column => column.Rows),
            footer.Rows,
            whole,
            whole ? null : budget.Limit ?? (footer.Rows > wanted ? $"after {PreviewLimits.ParquetRows:#,0} rows" : "where columns cannot be read"));
    }

    private static ColumnPreview Describe(ParquetFooter footer, ParquetColumn column, int at)
    {
        var read = column.Profile.ToPreview(column.Rows) with { Note = column.Note is null ? null : $"Not every value was read: {column.Note}." };
        var said = column.Leaf.MaxRepetition == 0 ? Statistics(footer, column.Leaf, at) : null;
        // Some writers get the unit of their statistics wrong: what the values that were read refute is not shown.
        if (said is not var (nulls, range) || !range.Covers(column.Profile.Range) || (column.Rows == footer.Rows && column.Note is null))
        {
            return read;
        }
        return read with { NullShare = footer.Rows == 0 ? null : Math.Clamp((double)nulls / footer.Rows, 0, 1), Min = range.Min, Max = range.Max, OfAllRows = true };
    }

    /// <summary>What the footer says of all rows; null unless it does for every row group.</summary>
    private static (long Nulls, ValueRange Range)? Statistics(ParquetFooter footer, ParquetLeaf leaf, int at)
    {
        var range = new ValueRange(leaf.ColumnType);
        Span<byte> scratch = stackalloc byte[ParquetText.ScratchBytes];
        long nulls = 0;
        foreach (var group in footer.Groups)
        {
            if (at >= group.Chunks.Length || group.Chunks[at] is not { Nulls: >= 0 } chunk)
            {
                return null;
            }
            nulls += chunk.Nulls!.Value;
            if (chunk is { Min: { } min, Max: { } max })
            {
                range.Add(ParquetText.Of(leaf, min, scratch), ValueForms.Text);
                range.Add(ParquetText.Of(leaf, max, scratch), ValueForms.Text);
            }
            else if (chunk.Nulls < chunk.Values)
            {
                return null;
            }
        }
        return (nulls, range);
    }
}
