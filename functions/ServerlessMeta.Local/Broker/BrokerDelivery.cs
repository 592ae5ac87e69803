namespace ServerlessMeta.Local.Broker;

/// <summary>A message as a receiver gets it, or as somebody sees it who only looks.</summary>
/// <param name="SequenceNumber">Its place in its queue; the first is 1.</param>
/// <param name="FailedDeliveries">How often it was delivered before without success.</param>
/// <param name="LockToken">What settles it; null: nothing is left to settle.</param>
/// <param name="LockedUntil">When the lock ends unless it is renewed; null: it is not locked.</param>
internal sealed record BrokerDelivery(BrokerMessage Message, long SequenceNumber, DateTimeOffset EnqueuedAt, int FailedDeliveries, HeldState State, Guid? LockToken, DateTimeOffset? LockedUntil);
