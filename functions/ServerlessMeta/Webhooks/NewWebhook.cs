using System.Collections.Immutable;

namespace ServerlessMeta.Webhooks;

/// <summary>A webhook to create.</summary>
public sealed record NewWebhook(string Name, string Url, ImmutableArray<WebhookEvent> Events)
{
    public string? Description { get; init; }

    /// <summary>What payloads are to be signed with.</summary>
    public string? Secret { get; init; }

    public WebhookStatus Status { get; init; }

    /// <summary>The same key names the same webhook, however often it is created.</summary>
    public string? IdempotencyKey { get; init; }
}
