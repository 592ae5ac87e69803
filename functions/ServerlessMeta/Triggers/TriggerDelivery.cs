namespace ServerlessMeta.Triggers;

/// <summary>Something that is sent of a trigger.</summary>
internal sealed record TriggerDelivery
{
    public required string Decision { get; init; }

    public required int Number { get; init; }

    /// <summary>The event's id, which receivers know a repetition by.</summary>
    public required string EventId { get; init; }

    /// <summary>The event's type.</summary>
    public required string Type { get; init; }

    public required TriggerAction Action { get; init; }

    /// <summary>The rule: receivers get what is of one rule in its order.</summary>
    public required string Rule { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    public TriggerDeliveryStatus Status { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? LastAttemptAt { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public string? Error { get; init; }

    /// <summary>In the log of which webhook it is, and by which id.</summary>
    public string? Webhook { get; init; }

    public string? WebhookDelivery { get; init; }
}
