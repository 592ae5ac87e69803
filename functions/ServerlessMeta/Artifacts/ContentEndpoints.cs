using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary><c>/api/v1/contents/{sha256}</c></summary>
internal static class ContentEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/contents/{sha256}", GetAsync).WithTags("artifacts")
        .WithSummary("Stored bytes by their SHA-256: size, MD5, and every fault that a verified read found in them.").Produces<ContentView>();

    private static async Task<IResult> GetAsync(string sha256, ContentStore contents, ContentVerifier verifier, CancellationToken ct)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
        {
            return Problems.From(new Failure.Invalid("sha256", "64 lower-case hex digits are expected."));
        }
        var claim = await contents.FindClaimAsync(sha256, ct);
        var faults = await verifier.ListFaultsAsync(sha256, ct);
        return claim is null && faults.Length == 0
            ? Problems.From(new Failure.NotFound("Content", sha256))
            : Results.Json(new ContentView(sha256, claim?.Content.Size, claim?.Content.Md5, faults), ArtifactsJson.Default.ContentView);
    }
}
