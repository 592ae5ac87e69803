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
    private const int MostReplayed = 1000;
    private const long PageBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan ReplayTime = TimeSpan.FromMinutes(1);
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
        queues.MapPost(Root + "/{name}/dead-letters/replay", ReplayAllAsync)
            .WithSummary("Send dead letters to their queue again, the oldest first: up to max (100 unless said, 1,000 at most), for a minute at most. Those whose receipts are not kept any more stay, unless force=true. What dies again meanwhile is not sent again by the same call. For administrators.").RequireRole(Role.Admin)
            .Produces<ReplayedView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
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
            && IsForgotten(letter, options.Value, time))
        {
            return Problems.From(new Failure.Clash("Dead letter", id, FormattableString.Invariant(
                $"It came more than {options.Value.ReceiptDays} days ago: what it changed then is forgotten, and might be changed again. Send it with force=true if that is wanted.")));
        }
        return await bus.ReplayAsync(name, number, ct)
            ? TypedResults.Json(new ReplayView(name, number.ToString(CultureInfo.InvariantCulture)), MessagesJson.Relaxed.ReplayView)
            : Problems.From(new Failure.NotFound("Dead letter", Short(id)));
    }

    private static async Task<IResult> ReplayAllAsync(
        string name, HttpContext context, IOptions<MessagesOptions> options, TimeProvider time, CancellationToken ct, string? max = null, string? force = null)
    {
        if (BusOf(context) is not { } bus)
        {
            return NoBus();
        }
        if (!Names.Contains(name, StringComparer.Ordinal))
        {
            return NoQueue(name);
        }
        var most = LargestPage;
        if (!string.IsNullOrEmpty(max) && (!int.TryParse(max, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > MostReplayed))
        {
            return Problems.From(new Failure.Invalid("max", FormattableString.Invariant($"A whole number from 1 to {MostReplayed} is expected.")));
        }
        var (started, began, from, replayed, tooOld) = (time.GetUtcNow(), time.GetTimestamp(), 0L, 0, 0);
        while (await bus.ListDeadLettersAsync(name, from, LargestPage, ct) is { Count: > 0 } letters)
        {
            foreach (var letter in letters.Where(letter => letter.EnqueuedAt <= started))
            {
                if (force is not "true" && IsForgotten(letter, options.Value, time))
                {
                    tooOld++;
                    continue;
                }
                if (replayed == most || time.GetElapsedTime(began) > ReplayTime)
                {
                    return Replayed(hasMore: true);
                }
                // Another call may have been first.
                replayed += await bus.ReplayAsync(name, letter.SequenceNumber, ct) ? 1 : 0;
            }
            from = letters[^1].SequenceNumber + 1;
        }
        return Replayed(hasMore: false);

        IResult Replayed(bool hasMore) => TypedResults.Json(new ReplayedView(name, replayed, tooOld, hasMore), MessagesJson.Relaxed.ReplayedView);
    }

    private static bool IsForgotten(DeadLetter letter, MessagesOptions options, TimeProvider time) => letter.EnqueuedAt < time.GetUtcNow() - TimeSpan.FromDays(options.ReceiptDays);

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
