using Azure;

namespace ServerlessMeta.Webhooks;

/// <summary>A delivery in the queue, as it was read.</summary>
/// <param name="RowKey">Its place: by webhook, model, and the order of the model's events.</param>
/// <param name="Delivery">Which.</param>
/// <param name="Due">When it may be tried next.</param>
/// <param name="ClaimedUntil">An instance is trying it until then; after that it is thought to have crashed.</param>
/// <param name="Version">Guards what is done with it.</param>
internal sealed record WaitingDelivery(string RowKey, DeliveryId Delivery, DateTimeOffset Due, DateTimeOffset ClaimedUntil, ETag Version)
{
    public WebhookId Webhook => WebhookKeys.WebhookOf(RowKey);

    public string Model => WebhookKeys.ModelOf(RowKey);
}
