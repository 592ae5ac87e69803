using Amqp;

namespace ServerlessMeta.Local.Broker;

/// <summary>A message on its way to a client. The lock token is the tag of its delivery.</summary>
internal sealed class TaggedMessage(Guid? lockToken) : Message
{
    public Guid? LockToken => lockToken;
}
