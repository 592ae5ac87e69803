using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Webhooks;

/// <summary>The log of deliveries in the native API. Webhooks themselves are made in the dialect.</summary>
internal static class WebhookEndpoints
{
    private const string Root = "/api/v1/webhooks/{id}/deliveries";
    private const int PageSize = 100;
    private const int MaxPageSize = 1000;
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var webhooks = routes.MapGroup("").WithTags("webhooks").RequireRole(Role.Admin);
        webhooks.MapGet(Root, ListAsync)
            .WithSummary("The deliveries of a webhook, the newest events first, with attempts, what the receiver answered and when it is tried next: pageSize, pageToken.")
            .Produces<DeliveryPage>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        webhooks.MapPost(Root + "/{delivery}/redeliver", RedeliverAsync)
            .WithSummary("Try a delivery again now, whether it waits or is settled. It keeps its id and its payload. 409 when the webhook is disabled.")
            .Produces<DeliveryView>(202).ProducesProblem(404, Problem).ProducesProblem(409, Problem);
    }

    private static async Task<IResult> ListAsync(string id, WebhookStore webhooks, DeliveryStore deliveries, CancellationToken ct, string? pageSize = null, string? pageToken = null)
    {
        var size = PageSize;
        if (!string.IsNullOrEmpty(pageSize) && !(int.TryParse(pageSize, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size is >= 1 and <= MaxPageSize))
        {
            return Problems.From(new Failure.Invalid("pageSize", $"A whole number from 1 to {MaxPageSize} is expected."));
        }
        if (!WebhookId.TryParse(id, CultureInfo.InvariantCulture, out var of) || await webhooks.FindAsync(of, ct) is not { } webhook)
        {
            return Problems.From(new Failure.NotFound(WebhookStore.Kind, id));
        }
        var page = await deliveries.ListAsync(of, size, pageToken, ct);
        return page.IsOk
            ? TypedResults.Json(new DeliveryPage(webhook.Status, webhook.Reason, [.. page.Value.Items.Select(DeliveryView.From)], page.Value.Next), WebhooksJson.Default.DeliveryPage)
            : Problems.From(page.Failure);
    }

    private static async Task<IResult> RedeliverAsync(string id, string delivery, WebhookStore webhooks, DeliveryStore deliveries, WebhookDispatcher dispatcher, CancellationToken ct)
    {
        if (!WebhookId.TryParse(id, CultureInfo.InvariantCulture, out var of) || await webhooks.FindAsync(of, ct) is not { } webhook)
        {
            return Problems.From(new Failure.NotFound(WebhookStore.Kind, id));
        }
        if (!DeliveryId.TryParse(delivery, out var which))
        {
            return Problems.From(new Failure.NotFound(DeliveryStore.Kind, delivery));
        }
        if (webhook.Status is WebhookStatus.Disabled)
        {
            return Problems.From(new Failure.Clash(WebhookStore.Kind, id, "The webhook is disabled; set its status to ACTIVE first."));
        }
        var asked = await deliveries.RedeliverAsync(of, which, ct);
        if (!asked.IsOk)
        {
            return Problems.From(asked.Failure);
        }
        dispatcher.Nudge();
        return TypedResults.Json(DeliveryView.From(asked.Value), WebhooksJson.Default.DeliveryView, statusCode: StatusCodes.Status202Accepted);
    }
}
