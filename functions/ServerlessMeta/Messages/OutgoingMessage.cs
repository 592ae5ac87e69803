namespace ServerlessMeta.Messages;

/// <param name="Id">The message id: the same each time the message is sent.</param>
/// <param name="ContentType">Of the body, as <c>application/cloudevents+json</c>.</param>
/// <param name="Subject">What it is about; the broker's label.</param>
public sealed record OutgoingMessage(string Id, string ContentType, string? Subject, BinaryData Body);
