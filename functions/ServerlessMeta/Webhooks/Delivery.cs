namespace ServerlessMeta.Webhooks;

/// <summary>An event on its way to a webhook.</summary>
internal sealed record Delivery
{
    public required DeliveryId Id { get; init; }

    public required WebhookId Webhook { get; init; }

    /// <summary>Model, revision and number of the event; of a trigger the rule, the moment and the event.</summary>
    public required string EventId { get; init; }

    /// <summary>What happened: <c>entity.action</c>.</summary>
    public required string Event { get; init; }

    /// <summary>Since when it is being tried: it is given up a day later.</summary>
    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>What the payload is; null: JSON.</summary>
    public string? ContentType { get; init; }

    public DeliveryStatus Status { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>What the receiver answered at the last attempt; null when it did not.</summary>
    public int? HttpStatus { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }
}
