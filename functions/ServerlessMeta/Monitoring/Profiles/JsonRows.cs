using System.Text;
using System.Text.Json;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Reads rows that are flat JSON objects, in a list or one after another (NDJSON), as they come.</summary>
internal sealed class JsonRows(RowTable table, RowFaults faults)
{
    private const int FirstBytes = 128 * 1024;

    /// <summary>Of a text, a name or a number.</summary>
    private const int TokenBytes = 2 * 1024 * 1024;

    private readonly Dictionary<string, RowColumn> columns = new(StringComparer.Ordinal);
    private RowColumn? column;

    /// <summary>Depths of the list, if there is one, of the row, and of what is nested in a cell.</summary>
    private bool inList, inRow, isDone;
    private int nested;

    public static async Task ReadAsync(Stream body, RowTable table, RowFaults faults, CancellationToken ct)
    {
        var rows = new JsonRows(table, faults);
        var state = new JsonReaderState(new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 64, CommentHandling = JsonCommentHandling.Disallow });
        var buffer = new byte[FirstBytes];
        var (length, isLast) = (0, false);
        try
        {
            while (!isLast && !rows.isDone)
            {
                if (length == buffer.Length)
                {
                    if (length >= TokenBytes)
                    {
                        faults.Row(table.Read + 1, $"A text has up to {TokenBytes >> 20} MiB.");
                        return;
                    }
                    Array.Resize(ref buffer, 2 * length);
                }
                var read = await body.ReadAsync(buffer.AsMemory(length), ct);
                isLast = read == 0;
                length += read;
                var used = rows.Take(buffer.AsSpan(0, length), isLast, ref state);
                buffer.AsSpan(used, length - used).CopyTo(buffer);
                length -= used;
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            faults.Row(table.Read + 1, wrong is JsonException ? $"It is no JSON: {wrong.Message.Split(" Path:")[0].Split(" LineNumber:")[0]}" : "A lone surrogate is no text.");
        }
    }

    private int Take(ReadOnlySpan<byte> bytes, bool isLast, ref JsonReaderState state)
    {
        // A byte order mark stands before the first row only.
        var mark = table.Read == 0 && !inList && !inRow && bytes.StartsWith("\ufeff"u8) ? 3 : 0;
        var reader = new Utf8JsonReader(bytes[mark..], isLast, state);
        while (!isDone && reader.Read())
        {
            Take(ref reader);
        }
        state = reader.CurrentState;
        return mark + (int)reader.BytesConsumed;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        if (nested > 0)
        {
            nested += reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? 1 : reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject ? -1 : 0;
            return;
        }
        if (inRow)
        {
            TakeInRow(ref reader);
            return;
        }
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray when !inList:
                inList = true;
                break;
            case JsonTokenType.EndArray:
                inList = false;
                break;
            case JsonTokenType.StartObject:
                isDone = !table.HasRoom();
                inRow = true;
                break;
            default:
                faults.Row(table.Read + 1, "A row is an object.");
                isDone = true;
                break;
        }
    }

    private void TakeInRow(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.EndObject:
                inRow = false;
                table.EndRow();
                break;
            case JsonTokenType.PropertyName:
                column = Column(reader.GetString()!);
                break;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                nested = 1;
                column?.Set(table.At, reader.TokenType is JsonTokenType.StartArray ? CategoryText.List : CategoryText.Object);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                column?.Set(table.At, CategoryText.Of(reader.TokenType is JsonTokenType.True));
                break;
            case JsonTokenType.Number when column is { IsKept: true }:
                column.Set(table.At, Encoding.UTF8.GetString(reader.ValueSpan));
                break;
            case JsonTokenType.Number when column is not null && NumberText.TryParse(reader.ValueSpan, out var number):
                column.Set(table.At, number);
                break;
            case JsonTokenType.String when column is not null:
                SetText(ref reader, column);
                break;
            default:
                break;
        }
    }

    private void SetText(ref Utf8JsonReader reader, RowColumn into)
    {
        if (reader.ValueSpan.IsEmpty)
        {
            return;
        }
        if (!into.IsKept && (reader.ValueTextEquals("NaN"u8) || reader.ValueTextEquals("Infinity"u8) || reader.ValueTextEquals("-Infinity"u8)))
        {
            into.Set(table.At, reader.ValueSpan[0] == 'N' ? double.NaN : double.PositiveInfinity);
        }
        else if (reader.ValueIsEscaped)
        {
            into.SetWords(table.At, reader.GetString());
        }
        else
        {
            CsvRows.SetWords(into, table.At, reader.ValueSpan);
        }
    }

    private RowColumn? Column(string name)
    {
        if (!columns.TryGetValue(name, out var found))
        {
            if (table.Place(name) is not { } place)
            {
                isDone = true;
                return null;
            }
            found = table.Columns[place];
            columns.Add(name, found);
        }
        if (found.LastRow == table.Read)
        {
            faults.Row(table.Read + 1, name, "It stands there twice.");
        }
        found.LastRow = table.Read;
        return found;
    }
}
