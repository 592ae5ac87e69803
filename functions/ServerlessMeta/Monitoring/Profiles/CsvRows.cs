using System.Buffers;
using System.Text;
using CsvHelper;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Reads rows of separated values. The first record names the columns.</summary>
internal static class CsvRows
{
    private const int RecordBytes = 2 * 1024 * 1024;
    private const int BufferBytes = 128 * 1024;
    private const int FewChars = 256;

    public static async Task ReadAsync(Stream body, RowTable table, RowFaults faults, CancellationToken ct)
    {
        var options = new CsvReaderOptions { HasHeader = false, MaxRecordSize = RecordBytes, BufferSize = BufferBytes, SkipEmptyLines = false };
        await using var reader = CsvReader.Create(body, options, leaveOpen: true);
        if (!await reader.ReadAsync(ct) || Header(reader, table, faults) is not { } columns)
        {
            return;
        }
        while (await reader.ReadAsync(ct))
        {
            // An empty line is a row only where there is one column.
            if (columns.Length > 1 && reader.FieldCount == 1 && reader.GetSpan(0).IsEmpty)
            {
                continue;
            }
            if (!table.HasRoom())
            {
                return;
            }
            if (reader.FieldCount != columns.Length)
            {
                faults.Row(table.Read + 1, $"It has {reader.FieldCount} fields, the header has {columns.Length}.");
                table.SkipRow();
                continue;
            }
            for (var at = 0; at < columns.Length; at++)
            {
                Set(columns[at], table.At, reader.GetSpan(at));
            }
            table.EndRow();
        }
    }

    private static RowColumn[]? Header(CsvReader reader, RowTable table, RowFaults faults)
    {
        var places = new List<int>();
        for (var at = 0; at < reader.FieldCount; at++)
        {
            if (table.Place(Encoding.UTF8.GetString(reader.GetSpan(at).TrimStart("\ufeff"u8)).Trim()) is not { } place)
            {
                continue;
            }
            if (places.Contains(place))
            {
                faults.Add("columns", $"The column '{table.Columns[place].Name}' stands there twice.");
            }
            places.Add(place);
        }
        table.CheckSchema();
        return faults.Any ? null : [.. places.Select(place => table.Columns[place])];
    }

    private static void Set(RowColumn column, int row, ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty)
        {
            return;
        }
        if (!column.IsKept)
        {
            if (NumberText.TryParse(field, out var number))
            {
                column.Set(row, number);
                return;
            }
            if (IsMissing(field))
            {
                return;
            }
        }
        SetWords(column, row, field);
    }

    internal static void SetWords(RowColumn column, int row, ReadOnlySpan<byte> text)
    {
        var rented = text.Length > FewChars ? ArrayPool<char>.Shared.Rent(text.Length) : null;
        var chars = rented ?? stackalloc char[FewChars];
        column.SetWords(row, chars[..Encoding.UTF8.GetChars(text, chars)]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static bool IsMissing(ReadOnlySpan<byte> field) =>
        field.Length <= 4 && (field.SequenceEqual("NA"u8) || field.SequenceEqual("N/A"u8) || Ascii.EqualsIgnoreCase(field, "null"u8) || field.SequenceEqual("None"u8));
}
