using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Platform;

namespace ServerlessMeta.App;

/// <summary>Error answers of the pipeline itself: MLflow's envelope under its paths, RFC 9457 problem details elsewhere.</summary>
internal static class Answers
{
    public static Task NoEndpointAsync(HttpContext context, int status) =>
        WriteAsync(context, status, "ENDPOINT_NOT_FOUND", $"No endpoint answers {context.Request.Method} {context.Request.Path}.");

    public static async Task WriteAsync(HttpContext context, int status, string code, string message, PathString? asked = null)
    {
        var path = asked ?? context.Request.Path;
        var mlflow = path.StartsWithSegments("/api/2.0", StringComparison.Ordinal) || path.StartsWithSegments("/api/3.0", StringComparison.Ordinal) || path.StartsWithSegments("/ajax-api", StringComparison.Ordinal);
        if (!mlflow)
        {
            await Problems.WriteAsync(context, status, code.ToLowerInvariant().Replace('_', '-'), message);
            return;
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("error_code", code);
        json.WriteString("message", message);
        json.WriteEndObject();
    }
}
