namespace ServerlessMeta.Local.Broker;

/// <summary>Where a message of a queue is. The first two numbers are what Service Bus writes into <c>x-opt-message-state</c>.</summary>
internal enum HeldState
{
    Ready = 0,
    Deferred = 1,
    Locked = 3,
    Gone = 4,
}
