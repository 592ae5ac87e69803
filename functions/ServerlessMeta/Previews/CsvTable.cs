using System.Text;
using CsvHelper;

namespace ServerlessMeta.Previews;

/// <summary>A table of separated values. The first record names the columns; an empty field and the usual words for nothing are no value.</summary>
internal static class CsvTable
{
    private const int SniffBytes = 64 * 1024;
    private const int SniffLines = 20;

    public static async Task<Preview> MakeAsync(ContentStream content, char? separator, CancellationToken ct)
    {
        var start = await content.ReadAtAsync(0, SniffBytes, ct);
        var encoding = TextEncoding.Sniff(start.Span);
        if (encoding is null)
        {
            return Preview.None(TextEncoding.NotText);
        }
        var text = encoding.GetString(start.Span);
        var options = new CsvReaderOptions
        {
            Separator = separator ?? SniffSeparator(text),
            HasHeader = false,
            Encoding = encoding,
            MaxRecordSize = PreviewLimits.RecordBytes,
            BufferSize = 2 * SniffBytes,
        };
        content.Position = 0;
        await using var reader = CsvReader.Create(content, options, leaveOpen: true);
        var table = new TableBuilder();
        var limit = await ReadAsync(reader, table, content, ct);
        return table.ColumnCount == 0
            ? Preview.None(limit is null ? "The file has no lines." : $"No line could be read: the reading ended {limit}.")
            : new Preview { Kind = PreviewKind.Table, Table = table.ToTable(limit) };
    }

    /// <summary>Reads what the budget allows; says what ended it, null at the end of the file.</summary>
    private static async Task<string?> ReadAsync(CsvReader reader, TableBuilder table, ContentStream content, CancellationToken ct)
    {
        try
        {
            if (!await reader.ReadAsync(ct))
            {
                return content.Budget.Limit;
            }
            for (var at = 0; at < reader.FieldCount; at++)
            {
                table.AddColumn(at < PreviewLimits.Columns ? CellText.Of(reader.GetSpan(at).TrimStart("\ufeff"u8)) : "");
            }
            while (await reader.ReadAsync(ct))
            {
                // What the budget ended is no whole record.
                if (content.Budget.IsSpent())
                {
                    return content.Budget.Limit;
                }
                AddRow(reader, table);
            }
            return content.Budget.Limit;
        }
        catch (CsvFormatException)
        {
            return $"before a record of more than {PreviewLimits.RecordBytes >> 20} MiB";
        }
    }

    private static void AddRow(CsvReader reader, TableBuilder table)
    {
        table.BeginRow();
        for (var at = table.ColumnCount; at < Math.Min(reader.FieldCount, PreviewLimits.Columns); at++)
        {
            table.AddColumn("");
        }
        var fields = Math.Min(reader.FieldCount, PreviewLimits.Columns);
        for (var at = 0; at < fields; at++)
        {
            var field = reader.GetSpan(at);
            if (!IsNull(field))
            {
                table.Set(at, field, ValueForms.Any);
            }
        }
        table.EndRow();
    }

    private static bool IsNull(ReadOnlySpan<byte> field) =>
        field.Length <= 4 && (field.IsEmpty || field.SequenceEqual("NA"u8) || field.SequenceEqual("N/A"u8) || Ascii.EqualsIgnoreCase(field, "nan"u8)
            || Ascii.EqualsIgnoreCase(field, "null"u8) || field.SequenceEqual("None"u8));

    /// <summary>Of the usual separators the one that most lines have equally often, outside quotes; of equals the earlier.</summary>
    private static char SniffSeparator(string text)
    {
        const string Usual = ",;\t|";
        var counts = new List<int[]> { new int[Usual.Length] };
        var quoted = false;
        foreach (var c in text)
        {
            quoted ^= c == '"';
            if (c == '\n' && !quoted)
            {
                if (counts.Count == SniffLines)
                {
                    break;
                }
                counts.Add(new int[Usual.Length]);
            }
            else if (!quoted && Usual.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at)
            {
                counts[^1][at]++;
            }
        }
        var first = counts[0];
        return Usual[Enumerable.Range(0, Usual.Length).MaxBy(at => first[at] == 0 ? 0 : (1000 * counts.Count(line => line[at] == first[at])) + first[at])];
    }
}
