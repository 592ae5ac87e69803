using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.Reproduction;

/// <summary>Answers a zip, streamed.</summary>
/// <param name="name">The name under which it is saved: letters, digits, hyphens and a dot.</param>
/// <param name="entries">Its files.</param>
internal sealed class Archive(string name, IReadOnlyCollection<ZipEntry> entries) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/zip";
        response.ContentLength = ZipWriter.LengthOf(entries);
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        return ZipWriter.WriteAsync(entries, response.Body, httpContext.RequestAborted);
    }
}
