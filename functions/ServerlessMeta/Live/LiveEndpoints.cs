using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Live;

/// <summary><c>GET /api/v1/events</c>: what changed since a cursor, for pages and for any other tool.</summary>
internal static class LiveEndpoints
{
    private const string Address = "/api/v1/events";
    private const string Batch = "application/cloudevents-batch+json";
    private const string EventStream = "text/event-stream";
    private const string Problem = "application/problem+json";
    private const int TagBytes = 12;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Address, GetAsync).WithTags("messages")
        .WithSummary("What changed, as CloudEvents: subject (runs/{id}, experiments/{id}, experiments, models, models/{name}, monitoring, triggers; none: the whole store) and after, the cursor of the last answer; without it, following begins now. "
            + "The header Link with rel=next has the address to ask the next time. 304 with If-None-Match while nothing changed. A cursor that is old or of another subject counts everything as changed; none is lost. "
            + "With Accept: text/event-stream and the setting Live:ServerSentEvents, events are sent as they come.")
        .Produces<LiveEventView[]>(200, Batch).Produces(304).ProducesProblem(400, Problem).ProducesProblem(404, Problem).ProducesProblem(406, Problem);

    private static async Task<IResult> GetAsync(HttpContext context, LiveReader reader, LiveStream stream, IOptions<LiveOptions> options, CancellationToken ct, string? subject = null, string? after = null)
    {
        var isStream = context.Request.GetTypedHeaders().Accept.Any(static one => one.MediaType.Equals(EventStream, StringComparison.OrdinalIgnoreCase));
        var page = await reader.ReadAsync(subject, isStream && context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : after, ct);
        if (!page.IsOk)
        {
            return Problems.From(page.Failure);
        }
        if (isStream)
        {
            return options.Value.ServerSentEvents
                ? TypedResults.Stream(body => stream.WriteAsync(body, subject, page.Value, ct), EventStream)
                : TypedResults.Problem("Server-sent events are off: a held connection is billed. Ask again and again, or set Live:ServerSentEvents.", statusCode: StatusCodes.Status406NotAcceptable);
        }
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(page.Value.Cursor)).AsSpan(0, TagBytes))}\"", isWeak: true);
        var headers = context.Response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        context.Response.Headers.Vary = HeaderNames.Accept;
        context.Response.Headers.Link = $"<{Address}?subject={Uri.EscapeDataString(subject ?? "")}&after={page.Value.Cursor}>; rel=\"next\"";
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Text(JsonSerializer.SerializeToUtf8Bytes([.. page.Value.Events.Select(LiveEventView.From)], LiveJson.Relaxed.LiveEventViewArray), Batch);
    }
}
