using Parquet;
using Parquet.Schema;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>The values of a column that the row group in hand has so far.</summary>
internal sealed class ParquetExportColumn(ExportColumn column)
{
    // Of the three, only the one of the column's kind is filled.
    private readonly List<double?> numbers = [];
    private readonly List<DateTime?> instants = [];
    private readonly List<string?> texts = [];

    public DataField Field { get; } =
        column.IsNumber ? new DataField<double?>(column.Name)
        : column.IsInstant ? new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Millis, isNullable: true)
        : new DataField(column.Name, typeof(string), isNullable: true);

    /// <returns>About how many bytes it takes.</returns>
    public int Add(RunRecord run)
    {
        const int Number = 16, Instant = 16, Reference = 8, Overhead = 24;
        if (column.IsNumber)
        {
            numbers.Add(column.TryNumber(run, out var number) ? number : null);
            return Number;
        }
        if (column.IsInstant)
        {
            instants.Add(column.Instant(run));
            return Instant;
        }
        var text = column.Text(run);
        texts.Add(text);
        return Reference + (text is null ? 0 : Overhead + (2 * text.Length));
    }

    /// <summary>Writes them, and begins the next group.</summary>
    public async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken ct)
    {
        if (column.IsNumber)
        {
            await group.WriteAsync<double>(Field, numbers.ToArray(), cancellationToken: ct);
        }
        else if (column.IsInstant)
        {
            await group.WriteAsync<DateTime>(Field, instants.ToArray(), cancellationToken: ct);
        }
        else
        {
            await group.WriteAsync(Field, texts!);
        }
        numbers.Clear();
        instants.Clear();
        texts.Clear();
    }
}
