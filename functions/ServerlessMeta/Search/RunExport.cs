using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>Writes runs as CSV (RFC 4180) or as a JSON list, while they are read. Numbers that JSON does not have are written as texts: "NaN", "Infinity", "-Infinity".</summary>
internal sealed class RunExport(Experiment experiment, ImmutableArray<ExportColumn> columns, IAsyncEnumerable<RunRecord> runs, string format) : IResult
{
    private const int FlushBytes = 64 * 1024;
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"experiment-{experiment.Id}.{format}\"";
        response.Headers.XContentTypeOptions = "nosniff";
        await (format == "csv" ? WriteCsvAsync(response, httpContext.RequestAborted) : WriteJsonAsync(response, httpContext.RequestAborted));
    }

    private async Task WriteCsvAsync(HttpResponse response, CancellationToken ct)
    {
        var text = new StringBuilder().AppendJoin(',', columns.Select(static column => Cell(column.Name))).Append("\r\n");
        await foreach (var run in runs.WithCancellation(ct))
        {
            for (var i = 0; i < columns.Length; i++)
            {
                text.Append(i == 0 ? "" : ",").Append(columns[i].TryNumber(run, out var number) ? number.ToString("R", CultureInfo.InvariantCulture) : Cell(columns[i].Text(run) ?? ""));
            }
            text.Append("\r\n");
            if (text.Length > FlushBytes)
            {
                await response.WriteAsync(text.ToString(), ct);
                text.Clear();
            }
        }
        await response.WriteAsync(text.ToString(), ct);
    }

    private async Task WriteJsonAsync(HttpResponse response, CancellationToken ct)
    {
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartArray();
        await foreach (var run in runs.WithCancellation(ct))
        {
            json.WriteStartObject();
            foreach (var column in columns)
            {
                if (column.TryNumber(run, out var number))
                {
                    Write(json, column.Name, number);
                }
                else if (column.Text(run) is { } text)
                {
                    json.WriteString(column.Name, text);
                }
            }
            json.WriteEndObject();
            if (json.BytesPending > FlushBytes)
            {
                await json.FlushAsync(ct);
            }
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumber(name, number);
            return;
        }
        json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
    }

    private static string Cell(string text) => text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
