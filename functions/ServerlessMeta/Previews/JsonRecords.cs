using System.Runtime.InteropServices;
using System.Text.Json;

namespace ServerlessMeta.Previews;

/// <summary>A table of JSON values: of an object its members are the cells, of an array its elements, anything else is one cell. What is nested stays JSON.</summary>
internal static class JsonRecords
{
    private const string ValueColumn = "value";

    public static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = PreviewLimits.JsonDepth };

    /// <summary>JSON lines: a value on each line.</summary>
    public static async Task<Preview> MakeLinesAsync(ContentStream content, string language, CancellationToken ct)
    {
        var table = new TableBuilder();
        var lines = new ContentLines(content, PreviewLimits.RecordBytes);
        try
        {
            while (await lines.NextAsync(ct) is { } line)
            {
                if (!IsBlank(line.Span))
                {
                    using var document = JsonDocument.Parse(line, Options);
                    AddRow(table, document.RootElement);
                }
            }
        }
        catch (JsonException)
        {
            return table.Rows > 0
                ? Table(table, $"before line {lines.Number}, which is no JSON")
                : await TextExcerpt.PreviewAsync(content, PreviewKind.Text, language, "The first line is no JSON.", ct);
        }
        return table.Rows == 0 && lines.Limit is not null
            ? await TextExcerpt.PreviewAsync(content, PreviewKind.Text, language, $"The reading ended {lines.Limit}.", ct)
            : Table(table, lines.Limit);
    }

    public static Preview Table(TableBuilder table, string? limit) => new() { Kind = PreviewKind.Table, Table = table.ToTable(limit) };

    public static void AddRow(TableBuilder table, JsonElement record)
    {
        table.BeginRow();
        switch (record.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in record.EnumerateObject())
                {
                    Set(table, NameOf(member), member.Value);
                }
                break;
            case JsonValueKind.Array:
                AddCells(table, record);
                break;
            default:
                Set(table, ValueColumn, record);
                break;
        }
        table.EndRow();
    }

    /// <summary>The cells of a row in the order of the columns; columns that are missing are named by their numbers.</summary>
    private static void AddCells(TableBuilder table, JsonElement cells)
    {
        var at = 0;
        foreach (var cell in cells.EnumerateArray())
        {
            if (at >= table.ColumnCount)
            {
                table.AddColumn(at.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
            SetCell(table, at++, cell);
        }
    }

    private static void Set(TableBuilder table, string name, JsonElement value)
    {
        if (table.Column(name) is { } column)
        {
            SetCell(table, column, value);
        }
    }

    private static void SetCell(TableBuilder table, int column, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            case JsonValueKind.String:
                table.Set(column, StringOf(value), ValueForms.Times);
                break;
            case JsonValueKind.Object or JsonValueKind.Array:
                table.Set(column, JsonMarshal.GetRawUtf8Value(value), ValueForms.Text);
                break;
            default:
                table.Set(column, JsonMarshal.GetRawUtf8Value(value), ValueForms.Numbers | ValueForms.Booleans);
                break;
        }
    }

    public static string TextOf(JsonElement value) => value.ValueKind is JsonValueKind.String ? CellText.Of(StringOf(value)) : CellText.Of(JsonMarshal.GetRawUtf8Value(value));

    /// <summary>Unescaped, unless an escape is half a character: then as it is written.</summary>
    private static ReadOnlySpan<byte> StringOf(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        if (!raw.Contains((byte)'\\'))
        {
            return raw;
        }
        try
        {
            return System.Text.Encoding.UTF8.GetBytes(value.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return raw;
        }
    }

    public static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return System.Text.Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member));
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.TrimStart(" \t\r\n"u8).IsEmpty;
}
