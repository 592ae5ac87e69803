using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.App.Messages;

/// <summary><c>POST /api/v1/events</c>: what the queue takes, over HTTP. The caller may do by an event what the caller may do without.</summary>
internal static class EventEndpoints
{
    private const string Problem = "application/problem+json";
    private const int BodyBytes = 4 * 1024 * 1024;

    // They are applied before the answer, which has to come in time.
    private const int MostEvents = 1000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/events", PostAsync).WithTags("messages")
        .WithSummary("Send CloudEvents, one, a batch, or one in headers ce-id and so on: the type names an operation (dev.serverlessmeta.run.log-batch.v1), the data is its request. Applied once for source and id. "
            + "200 with an outcome for each event; 503 with the same when some have to be sent again, which all may be.")
        .Accepts<JsonElement>("application/cloudevents+json", "application/cloudevents-batch+json", "application/json")
        .Produces<EventOutcomes>().Produces<EventOutcomes>(503).ProducesProblem(400, Problem);

    private static async Task<IResult> PostAsync(HttpContext context, EventApplier applier, CancellationToken ct)
    {
        if (await ReadAsync(context.Request.Body, ct) is not { } body)
        {
            return Problems.From(new Failure.Invalid("body", $"A request has up to {BodyBytes} bytes here."));
        }
        var headers = context.Request.Headers.Where(static header => header.Key.StartsWith("ce-", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(static header => header.Key, static header => (object?)EventAttributes.OfHeader(header.Value.ToString()), StringComparer.OrdinalIgnoreCase);
        var message = CloudEventReader.Read(new IncomingMessage("", "", null, context.Request.ContentType, body, 1, headers), BodyBytes);
        if (message.Refusal is { } refusal)
        {
            return Problems.From(new Failure.Invalid("body", refusal.Detail));
        }
        if (message.Events.Count > MostEvents)
        {
            return Problems.From(new Failure.Invalid("body", FormattableString.Invariant($"A request has up to {MostEvents} events; this one has {message.Events.Count}.")));
        }
        var caller = Caller.Current;
        var outcomes = await applier.ApplyAsync(message.Events, _ => caller, ct);
        var view = new EventOutcomes([.. message.Events.Zip(outcomes, ViewOf)]);
        if (!outcomes.Any(static outcome => outcome.Result is EventResult.Later))
        {
            return TypedResults.Json(view, EventsJson.Relaxed.EventOutcomes);
        }
        context.Response.Headers.RetryAfter = "2";
        return TypedResults.Json(view, EventsJson.Relaxed.EventOutcomes, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static EventOutcomeView ViewOf(IngestEvent one, EventOutcome outcome) => new(
        Given(one.Source), Given(one.Id), Given(one.Type), outcome.Result.ToString().ToLowerInvariant(),
        outcome.Result is EventResult.Refused or EventResult.Later ? new EventProblemView(outcome.Status, outcome.Code, outcome.Detail) : null);

    private static string? Given(string text) => text.Length > 0 ? text : null;

    private static async Task<BinaryData?> ReadAsync(Stream from, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if (body.Length + read > BodyBytes)
            {
                return null;
            }
            body.Write(buffer, 0, read);
        }
        return BinaryData.FromBytes(body.GetBuffer().AsMemory(0, (int)body.Length));
    }
}
