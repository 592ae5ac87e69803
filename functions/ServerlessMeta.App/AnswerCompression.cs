using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ServerlessMeta.App;

/// <summary>
/// Which answers are compressed for those who accept it: pages, and JSON that is worth it. Not files, whose strong ETags and ranges are about the bytes as they are; nor what is not to be stored, for that
/// has a secret, and a secret beside words of the caller's can be guessed by the size of both.
/// </summary>
internal sealed class AnswerCompression(IServiceProvider services, IOptions<ResponseCompressionOptions> options) : ResponseCompressionProvider(services, options)
{
    public const int LeastBytes = 1_500;

    public static readonly string[] MediaTypes =
        ["text/html", "application/json", "application/problem+json", "application/cloudevents-batch+json", "application/vnd.cyclonedx+json"];

    public override bool ShouldCompressResponse(HttpContext context)
    {
        var headers = context.Response.GetTypedHeaders();
        return headers.ETag is null or { IsWeak: true } && headers.CacheControl?.NoStore is not true && LengthOf(context.Response) is null or >= LeastBytes
            && base.ShouldCompressResponse(context);
    }

    // Asked when the first bytes go out. A short answer is whole by then, so what waits is its length; of a longer one at least this much waits too, for it goes out in larger parts.
    private static long? LengthOf(HttpResponse response) =>
        response.ContentLength ?? (response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 and var waiting } ? waiting : null);
}
