using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.Platform;

/// <summary>Reads the JSON body of a native request, bounded, with an error that names the place.</summary>
internal static class JsonBody
{
    public static async Task<Result<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, int maxBytes, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if (body.Length + read > maxBytes)
            {
                return new Failure.Invalid("body", $"A request has up to {maxBytes} bytes here.");
            }
            body.Write(buffer, 0, read);
        }
        try
        {
            return JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), type) is { } value
                ? value
                : new Failure.Invalid("body", "A JSON object is expected, not null.");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return new Failure.Invalid((wrong as JsonException)?.Path is { Length: > 0 } path ? path : "body", $"The body is no JSON of the expected shape: {wrong.Message.Split('\n')[0]}");
        }
    }
}
