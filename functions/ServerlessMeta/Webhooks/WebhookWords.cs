namespace ServerlessMeta.Webhooks;

/// <summary>The names of the headers that a receiver gets, in the words of a protocol.</summary>
/// <param name="Signature"><c>v1,</c> and the base64 of HMAC-SHA256 over <c>{delivery}.{timestamp}.{payload}</c>; sent when the webhook has a secret.</param>
/// <param name="Timestamp">Unix seconds of the attempt.</param>
/// <param name="Delivery">The id of the delivery: the same at every attempt.</param>
public sealed record WebhookWords(string Signature, string Timestamp, string Delivery);
