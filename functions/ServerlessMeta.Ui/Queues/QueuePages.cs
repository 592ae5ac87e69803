using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Messages;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Queues;

/// <summary>The queues of the store, and what died in them.</summary>
internal static class QueuePages
{
    private const int PageSize = 25;
    private const int LongestBody = 4000;
    private static readonly string[] Names = [Entities.Ingest, Entities.Retraining];
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/queues", ListAsync);

    private static async Task<IResult> ListAsync(HttpContext context, CancellationToken ct, string? queue = null, string? from = null)
    {
        if (context.RequestServices.GetService<IMessageBus>() is not { } bus)
        {
            return Page.Show<QueuesPage>(new QueuesModel(false, [], "", [], null));
        }
        var counts = await Task.WhenAll(Names.Select(async name => (Name: name, Counts: await bus.CountAsync(name, ct))));
        var chosen = Names.Contains(queue, StringComparer.Ordinal) ? queue! : counts.FirstOrDefault(static one => one.Counts.DeadLetters > 0).Name ?? Names[0];
        var first = long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var letters = await bus.ListDeadLettersAsync(chosen, first, PageSize + 1, ct);
        return Page.Show<QueuesPage>(new QueuesModel(
            true, [.. counts.Select(static one => new QueueView(one.Name, one.Counts.Active, one.Counts.DeadLetters, one.Counts.IsAtLeast))], chosen, [.. letters.Take(PageSize).Select(LineOf)],
            letters.Count > PageSize ? string.Create(CultureInfo.InvariantCulture, $"/queues?queue={chosen}&from={letters[PageSize].SequenceNumber}") : null));
    }

    private static LetterLine LineOf(DeadLetter letter)
    {
        var view = DeadLetterView.From(letter);
        var body = view.Body is { } json ? JsonNode.Parse(json.GetRawText())?.ToJsonString(Readable) ?? "null" : view.Text ?? $"base64: {view.Base64}";
        return new LetterLine(view.Id, view.MessageId, view.Subject, view.Reason, view.Description, view.EnqueuedAt, view.DeliveryCount, body.Length <= LongestBody ? body : body[..LongestBody] + "\n...");
    }
}
