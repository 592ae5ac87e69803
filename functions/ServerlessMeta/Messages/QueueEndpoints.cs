using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Messages;

/// <summary><c>/api/v1/queues</c>: how many messages wait, which became dead letters and why, and sending those again.</summary>
internal static class QueueEndpoints
{
    private const string Root = "/api/v1/queues";
    private const string Problem = "application/problem+json";
    private const string Kind = "Queue";
    private const int LargestPage = 100;
    private const long PageBytes = 4 * 1024 * 1024;
    private static readonly string[] Names = [Entities.Ingest, Entities.Retraining];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var queues = routes.MapGroup("").WithTags("messages");
        queues.MapGet(Root, ListAsync)
            .WithSummary("The queues: how many messages wait in each, and how many are dead letters.").Produces<QueueList>().ProducesProblem(404, Problem);
        queues.MapGet(Root + "/{name}/dead-letters", ListDeadLettersAsync)
            .WithSummary("The messages that could not be applied, the oldest first, each with reason and body: pageSize (up to 100), pageToken.")
            .Produces<DeadLetterPage>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        queues.MapPost(Root + "/{name}/dead-letters/{id}/replay", ReplayAsync)
            .WithSummary("Send a dead letter to its queue again. What it changed already it does not change twice, as long as its receipt is kept; an older one takes force=true. For administrators.").RequireRole(Role.Admin)
            .Produces<ReplayView>().ProducesProblem(404, Problem).ProducesProblem(409, Problem);
    }

    private static async Task<IResult> ListAsync(HttpContext context, CancellationToken ct)
    {
        if (BusOf(context) is not { } bus)
        {
            return NoBus();
        }
        var counted = await Task.WhenAll(Names.Select(async name => (Name: name, Counts: await bus.CountAsync(name, ct))));
        return TypedResults.Json(
            new QueueList([.. counted.Select(static one => new QueueView(one.Name, one.Counts.Active, one.Counts.DeadLetters, one.Counts.IsAtLeast))]), MessagesJson.Relaxed.QueueList);
    }

    private static async Task<IResult> ListDeadLettersAsync(string name, HttpContext context, CancellationToken ct, string? pageSize = null, string? pageToken = null)
    {
        if (BusOf(context) is not { } bus)
        {
            return NoBus();
        }
        if (!Names.Contains(name, StringComparer.Ordinal))
        {
            return NoQueue(name);
        }
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults, LargestPage);
        var query = $"dead-letters {name}";
        var token = PageToken.Read(query, pageToken);
        if (token.Failure is Failure.Invalid wrong)
        {
            faults.Add(wrong with { Field = "pageToken" });
        }
        var from = 0L;
        if (token.IsOk && token.Value is { } after && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out from))
        {
            faults.Add(new Failure.Invalid("pageToken", PageToken.Elsewhere));
        }
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var found = await bus.ListDeadLettersAsync(name, from, size + 1, ct);
        var shown = Shown(found, size);
        return TypedResults.Json(
            new DeadLetterPage([.. found.Take(shown).Select(DeadLetterView.From)], shown < found.Count ? PageToken.Write(query, found[shown].SequenceNumber.ToString(CultureInfo.InvariantCulture)) : null),
            MessagesJson.Relaxed.DeadLetterPage);
    }

    private static async Task<IResult> ReplayAsync(
        string name, string id, HttpContext context, IOptions<MessagesOptions> options, TimeProvider time, CancellationToken ct, string? force = null)
    {
        if (BusOf(context) is not { } bus)
        {
            return NoBus();
        }
        if (!Names.Contains(name, StringComparer.Ordinal))
        {
            return NoQueue(name);
        }
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Problems.From(new Failure.NotFound("Dead letter", Short(id)));
        }
        if (force is not "true" && (await bus.ListDeadLettersAsync(name, number, 1, ct)).FirstOrDefault(letter => letter.SequenceNumber == number) is { } letter
            && letter.EnqueuedAt < time.GetUtcNow() - TimeSpan.FromDays(options.Value.ReceiptDays))
        {
            return Problems.From(new Failure.Clash("Dead letter", id, FormattableString.Invariant(
                $"It came more than {options.Value.ReceiptDays} days ago: what it changed then is forgotten, and might be changed again. Send it with force=true if that is wanted.")));
        }
        return await bus.ReplayAsync(name, number, ct)
            ? TypedResults.Json(new ReplayView(name, number.ToString(CultureInfo.InvariantCulture)), MessagesJson.Relaxed.ReplayView)
            : Problems.From(new Failure.NotFound("Dead letter", Short(id)));
    }

    // As many as asked for, or fewer where their bodies are large; one at least, so that there is an end.
    private static int Shown(IReadOnlyList<DeadLetter> found, int size)
    {
        var bytes = 0L;
        for (var i = 0; i < Math.Min(found.Count, size); i++)
        {
            bytes += found[i].Body.ToMemory().Length;
            if (bytes > PageBytes && i > 0)
            {
                return i;
            }
        }
        return Math.Min(found.Count, size);
    }

    private static IMessageBus? BusOf(HttpContext context) => context.RequestServices.GetService<IMessageBus>();

    private static NoBroker NoBus() => new();

    private static IResult NoQueue(string name) => Problems.From(new Failure.NotFound(Kind, Short(name)));

    private static string Short(string text) => text.Length <= 100 ? text : text[..100] + "...";

    private sealed class NoBroker : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(
            httpContext, StatusCodes.Status404NotFound, "not-found", "This store has no message broker: set ServiceBusConnection. Events are taken over HTTP by POST /api/v1/events.");
    }
}
