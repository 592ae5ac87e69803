using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// A stored file as an HTTP answer: ranges, ETag (its SHA-256) and conditions as RFC 9110 has them. Whatever the file holds, a browser saves it and runs nothing
/// of it with this store's rights.
/// </summary>
public sealed class FileAnswer(StoredFile file, Stream content) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.CacheControl = "private, no-cache";
        headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(file.Sha256))}:";
        headers["X-Content-MD5"] = file.Md5;
        if (!httpContext.Request.Headers.Range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            // RFC 9110, 14.2: a range in a unit that is not known is no range.
            httpContext.Request.Headers.Range = default;
        }
        var answer = Results.Stream(
            content, ContentTypes.Safe(file.ContentType), file.Path.Name, file.StoredAt, new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
        await answer.ExecuteAsync(httpContext);
    }
}
