using Amqp.Handler;

namespace ServerlessMeta.Local.Broker;

/// <summary>Writes the lock token into the tag of each delivery, in the byte order of .NET, where clients look for it.</summary>
internal sealed class DeliveryTags : IHandler
{
    public bool CanHandle(EventId id) => id is EventId.SendDelivery;

    public void Handle(Event protocolEvent)
    {
        if (protocolEvent.Context is IDelivery { Message: TaggedMessage { LockToken: { } token } } delivery)
        {
            delivery.Tag = token.ToByteArray();
        }
    }
}
