namespace ServerlessMeta.Triggers;

/// <summary>Something that was sent of a trigger.</summary>
/// <param name="EventId">What receivers know a repetition by.</param>
/// <param name="To"><c>serviceBus</c> or <c>webhook</c>.</param>
/// <param name="Status"><c>pending</c>, <c>sent</c>, <c>queued</c> (in the queue of the webhook) or <c>dead</c>.</param>
/// <param name="WebhookStatus">How it stands in the webhook's log: <c>pending</c>, <c>delivered</c>, <c>failed</c>, <c>cancelled</c>.</param>
/// <param name="Log">Where that log is read.</param>
public sealed record TriggerDeliveryView(
    string EventId, string Type, string To, string Receiver, TriggerDeliveryStatus Status, int Attempts, DateTimeOffset? LastAttemptAt, DateTimeOffset? NextAttemptAt, string? Error, string? WebhookStatus, string? Log);
