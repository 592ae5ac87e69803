using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServerlessMeta.Audit;

/// <summary>
/// An entry as one line of JSON, in one order of fields: <c>{"object","n","at","by","source","action","name"?,"details"?:{...},"rows"?:[{"row","before"?,"after"?}],"previous"}</c>.
/// The line's own bytes are what is hashed, so nothing depends on how JSON is written again.
/// </summary>
internal static class AuditLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(AuditEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, entry.Object);
            json.WriteNumber("n"u8, entry.Number);
            json.WriteString("at"u8, entry.At.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("by"u8, entry.By);
            json.WriteString("source"u8, entry.Source);
            json.WriteString("action"u8, entry.Action);
            if (entry.Name is { } name)
            {
                json.WriteString("name"u8, name);
            }
            if (entry.Details.Length > 0)
            {
                json.WriteStartObject("details"u8);
                foreach (var (key, value) in entry.Details)
                {
                    json.WriteString(key, value);
                }
                json.WriteEndObject();
            }
            if (entry.Rows.Length > 0)
            {
                json.WriteStartArray("rows"u8);
                foreach (var row in entry.Rows)
                {
                    json.WriteStartObject();
                    json.WriteString("row"u8, row.RowKey);
                    if (row.Before is { } before)
                    {
                        json.WriteString("before"u8, before);
                    }
                    if (row.After is { } after)
                    {
                        json.WriteString("after"u8, after);
                    }
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteString("previous"u8, entry.Previous);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">The line is no entry: it was not written by the store, or was changed.</exception>
    public static AuditEntry Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return new AuditEntry
            {
                Object = Said(root.GetProperty("object"u8)),
                Number = root.GetProperty("n"u8).GetInt64(),
                At = root.GetProperty("at"u8).GetDateTimeOffset(),
                By = Said(root.GetProperty("by"u8)),
                Source = Said(root.GetProperty("source"u8)),
                Action = Said(root.GetProperty("action"u8)),
                Name = Text(root, "name"),
                Details = root.TryGetProperty("details"u8, out var details) ? [.. details.EnumerateObject().Select(static one => KeyValuePair.Create(one.Name, Said(one.Value)))] : [],
                Rows = root.TryGetProperty("rows"u8, out var rows)
                    ? [.. rows.EnumerateArray().Select(static row => new RowChange(Said(row.GetProperty("row"u8)), Text(row, "before"), Text(row, "after")))]
                    : [],
                Previous = Said(root.GetProperty("previous"u8)),
            };
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"'{Encoding.UTF8.GetString(line.Span[..Math.Min(200, line.Length)])}' is no audit entry.", broken);
        }
    }

    private static string Said(JsonElement value) => value.GetString() ?? throw new FormatException("A text is missing.");

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
