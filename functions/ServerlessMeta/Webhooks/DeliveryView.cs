namespace ServerlessMeta.Webhooks;

/// <summary>A delivery in the log of a webhook.</summary>
/// <param name="Id">What the receiver gets as the id of the delivery, at every attempt.</param>
/// <param name="Event">What happened: <c>model_version.created</c>, ...</param>
/// <param name="At">When it happened.</param>
/// <param name="Status"><c>pending</c>, <c>delivered</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="LastAttemptAt">When it was tried last.</param>
/// <param name="HttpStatus">What the receiver answered then; absent when it did not.</param>
/// <param name="Error">Why it is not delivered.</param>
/// <param name="NextAttemptAt">When it may be tried next.</param>
public sealed record DeliveryView(
    string Id, string Event, DateTimeOffset At, DeliveryStatus Status, int Attempts, DateTimeOffset? LastAttemptAt, int? HttpStatus, string? Error, DateTimeOffset? NextAttemptAt)
{
    internal static DeliveryView From(Delivery delivery) => new(
        delivery.Id.ToString(), delivery.Event, delivery.Id.At, delivery.Status, delivery.Attempts, delivery.LastAttemptAt, delivery.HttpStatus, delivery.Error, delivery.NextAttemptAt);
}
