using System.Collections.Immutable;

namespace ServerlessMeta.Webhooks;

/// <summary>Someone who wants to be told of events of the registry. The secret is never shown.</summary>
public sealed record Webhook
{
    public required WebhookId Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Where events are sent.</summary>
    public required string Url { get; init; }

    public required ImmutableArray<WebhookEvent> Events { get; init; }

    public WebhookStatus Status { get; init; }

    /// <summary>Why the store disabled it; null when the store did not.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What payloads are signed with, as <see cref="WebhookSecrets"/> keeps it; empty: they are not signed.</summary>
    internal ImmutableArray<byte> Secret { get; init; } = [];

    public bool ListensTo(string entity, string action) => Events.Any(one => one.Entity == entity && one.Action == action);
}
