using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ServerlessMeta.Ui.Assets;

/// <summary>Serves <see cref="AssetFiles"/>: no host of ours serves static files. Browsers keep them for a year, for their address names their version.</summary>
internal static class AssetEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/assets/{version}/{name}", Get).ExcludeFromDescription();

    private static Results<FileStreamHttpResult, NotFound> Get(string version, string name, HttpContext context)
    {
        // Modules name each other without a version, so those of another would mix.
        if (version != AssetFiles.Version || AssetFiles.Open(name) is not { } compressed)
        {
            return TypedResults.NotFound();
        }
        var headers = context.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        if (TakesBrotli(context.Request))
        {
            headers.ContentEncoding = "br";
            return TypedResults.Stream(compressed, ContentType(name));
        }
        return TypedResults.Stream(AssetFiles.Decompress(compressed), ContentType(name));
    }

    private static bool TakesBrotli(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(static one => one.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && one.Quality is not 0);

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
