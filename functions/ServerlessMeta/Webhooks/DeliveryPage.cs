using System.Collections.Immutable;

namespace ServerlessMeta.Webhooks;

/// <summary>The log of a webhook, the newest events first.</summary>
/// <param name="Status">Whether the webhook is <c>active</c> or <c>disabled</c>.</param>
/// <param name="Reason">Why the store disabled it.</param>
/// <param name="Deliveries">A page of its deliveries.</param>
/// <param name="NextPageToken">Where the next page begins; absent on the last.</param>
public sealed record DeliveryPage(WebhookStatus Status, string? Reason, ImmutableArray<DeliveryView> Deliveries, string? NextPageToken = null);
