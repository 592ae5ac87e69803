namespace ServerlessMeta.Webhooks;

/// <summary>Told that a delivery failed for good, or was cancelled, before that is noted: after a crash it is told again.</summary>
internal delegate Task DeliveryGivenUp(Delivery delivery);
