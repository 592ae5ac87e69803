namespace ServerlessMeta.App.Messages;

/// <summary>A message as the broker delivered it.</summary>
/// <param name="Entity">The queue it came from.</param>
/// <param name="MessageId">The broker's id. What a message does is applied once per source and id of its events, not per this id.</param>
/// <param name="Subject">The broker's label.</param>
/// <param name="ContentType">Of the body: <c>application/cloudevents+json</c>, <c>application/cloudevents-batch+json</c>; else the event's attributes stand in the properties.</param>
/// <param name="DeliveryCount">How often it was delivered, this time included.</param>
/// <param name="Properties">The application properties.</param>
public sealed record IncomingMessage(string Entity, string MessageId, string? Subject, string? ContentType, BinaryData Body, int DeliveryCount, IReadOnlyDictionary<string, object?> Properties);
