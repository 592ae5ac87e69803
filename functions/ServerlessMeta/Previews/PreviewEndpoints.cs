using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Previews;

/// <summary><c>/api/v1/runs/{runId}/preview</c></summary>
internal static class PreviewEndpoints
{
    private const string Path = "/api/v1/runs/{runId}/preview";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, GetAsync).WithTags("previews").WithSummary(
            "A file of a run in little (path; model, a logged model that the run made): table, image, text, json, model or confusionMatrix; kind none says why there is no preview.").Produces<Preview>();
        routes.MapGet(Path + "/thumbnail", GetThumbnailAsync).WithTags("previews").WithSummary("A picture of a run in little, WebP, at most 320 pixels a side: path, model.");
    }

    private static async Task<IResult> GetAsync(string runId, string? path, string? model, HttpContext context, PreviewedFiles files, PreviewStore previews, CancellationToken ct)
    {
        var file = await files.FindAsync(runId, path, model, ct);
        if (!file.IsOk)
        {
            return Problems.From(file.Failure);
        }
        var tag = new EntityTagHeaderValue($"\"{PreviewStore.TagOf(file.Value)}\"");
        if (IsKnown(context, tag))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }
        var (json, isRepeatable) = await previews.GetAsync(file.Value, ct);
        // Without a tag the caller asks again, and may get more.
        return Results.Bytes(json.ToMemory(), "application/json", entityTag: isRepeatable ? tag : null);
    }

    private static async Task<IResult> GetThumbnailAsync(string runId, string? path, string? model, HttpContext context, PreviewedFiles files, PreviewStore previews, CancellationToken ct)
    {
        var file = await files.FindAsync(runId, path, model, ct);
        if (!file.IsOk)
        {
            return Problems.From(file.Failure);
        }
        var tag = new EntityTagHeaderValue($"\"{PreviewStore.TagOf(file.Value)}\"");
        if (IsKnown(context, tag))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return await previews.FindThumbnailAsync(file.Value, ct) is { } thumbnail
            ? Results.Bytes(thumbnail.ToMemory(), PreviewResult.ThumbnailType, entityTag: tag)
            : Problems.From(new Failure.NotFound("Thumbnail", file.Value.Path.Name));
    }

    // Before anything is made: a preview that the caller has need not be read.
    private static bool IsKnown(HttpContext context, EntityTagHeaderValue tag) =>
        context.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known && known.Any(one => one.Compare(tag, useStrongComparison: false));
}
