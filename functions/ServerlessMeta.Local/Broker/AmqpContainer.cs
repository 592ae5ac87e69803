using Amqp;
using Amqp.Listener;

namespace ServerlessMeta.Local.Broker;

/// <summary>The library's container on our own listener, with messages that know their size.</summary>
internal sealed class AmqpContainer : ContainerHost, IContainer, ILinkProcessor
{
    private const string Scheme = "loopback";
    private readonly Action<AttachContext> attach;

    public AmqpContainer(AmqpListener listener, Action<AttachContext> attach)
        : base(new Address("127.0.0.1", listener.Port, scheme: Scheme))
    {
        this.attach = attach;
        CustomTransports[Scheme] = listener;
        // Every address is ours, so the library is not to look into what may be no address at all.
        AddressResolver = static (_, _) => "";
        RegisterLinkProcessor(this);
    }

    Message IContainer.CreateMessage(ByteBuffer buffer) => ReceivedMessage.Read(buffer);

    void ILinkProcessor.Process(AttachContext attachContext) => attach(attachContext);
}
