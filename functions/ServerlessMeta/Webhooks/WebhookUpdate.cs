using System.Collections.Immutable;

namespace ServerlessMeta.Webhooks;

/// <summary>What is to change of a webhook; null stays as it is.</summary>
public sealed record WebhookUpdate
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Url { get; init; }

    /// <summary>Empty: as they are.</summary>
    public ImmutableArray<WebhookEvent> Events { get; init; } = [];

    public string? Secret { get; init; }

    public WebhookStatus? Status { get; init; }
}
