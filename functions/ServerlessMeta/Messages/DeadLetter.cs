namespace ServerlessMeta.Messages;

/// <summary>A message that could not be applied.</summary>
/// <param name="SequenceNumber">Names it in its queue.</param>
/// <param name="Reason">Why, in a word.</param>
/// <param name="Description">Why, in a sentence.</param>
/// <param name="DeliveryCount">How often it was tried.</param>
public sealed record DeadLetter(long SequenceNumber, string MessageId, string? Subject, string? Reason, string? Description, DateTimeOffset EnqueuedAt, int DeliveryCount, string? ContentType, BinaryData Body);
