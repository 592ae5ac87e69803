using System.Net.Sockets;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ServerlessMeta.Local.Broker;

/// <summary>The broker's door: AMQP 1.0 on loopback, in the dialect of Service Bus, so that its SDKs connect.</summary>
internal sealed class AmqpFront : IAsyncDisposable
{
    private const int SenderCredit = 500;
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(4);

    private readonly AmqpContainer container;
    private readonly InProcessBroker broker;
    private readonly ResponseLinks responses = new();

    private AmqpFront(InProcessBroker broker, AmqpListener listener)
    {
        (this.broker, Port) = (broker, listener.Port);
        container = new AmqpContainer(listener, Attach);
        container.Listeners[0].AMQP.IdleTimeout = (int)IdleTimeout.TotalMilliseconds;
        container.Listeners[0].AMQP.MaxSessionsPerConnection = 1000;
        container.Listeners[0].HandlerFactory = static _ => new DeliveryTags();
    }

    public int Port { get; }

    /// <summary>What is printed.</summary>
    public string Address => $"amqp://127.0.0.1:{Port}";

    /// <param name="asked">The port that must be had; 0: a free one; null: the usual one, or a free one where that is taken, for a second store on the machine, or another broker, must not keep this one from starting.</param>
    /// <exception cref="SocketException">The port that must be had cannot be.</exception>
    public static AmqpFront Open(InProcessBroker broker, int? asked, int usual, TimeProvider time)
    {
        try
        {
            return Open(broker, asked ?? usual, time);
        }
        catch (SocketException) when (asked is null)
        {
            return Open(broker, 0, time);
        }
    }

    /// <param name="port">0: a free one.</param>
    /// <exception cref="SocketException">The port cannot be had.</exception>
    public static AmqpFront Open(InProcessBroker broker, int port, TimeProvider time)
    {
        var front = new AmqpFront(broker, new AmqpListener(port, time));
        front.container.Open();
        return front;
    }

    public ValueTask DisposeAsync()
    {
        container.Close();
        return ValueTask.CompletedTask;
    }

    private void Attach(AttachContext context)
    {
        try
        {
            if (context.Attach.Role)
            {
                AttachReceiver(context);
            }
            else
            {
                AttachSender(context);
            }
        }
        catch (BrokerException refused)
        {
            context.Complete(new Error(new Symbol(refused.Condition)) { Description = refused.Message });
        }
    }

    private void AttachSender(AttachContext context)
    {
        if (context.Attach.Target is not Target target)
        {
            throw BrokerException.NotImplemented("A transaction");
        }
        var address = BrokerAddress.Normal(target.Address ?? "");
        LinkEndpoint endpoint =
            address == BrokerAddress.Tokens ? new RequestLink(responses, context.Link, TokenNode.Answer)
            : BrokerAddress.ManagedBy(address) is { } entity ? new RequestLink(responses, context.Link, new ManagementNode(broker.Queue(entity)).Answer)
            : new SendingLink(broker.Entity(address));
        context.Attach.MaxMessageSize = InProcessBroker.MaxMessageBytes;
        context.Complete(endpoint, SenderCredit);
    }

    private void AttachReceiver(AttachContext context)
    {
        if (context.Attach.Source is not Source source)
        {
            throw BrokerException.NotFound("");
        }
        if (source.FilterSet?.Keys.Any(static key => $"{key}" is "com.microsoft:session-filter") is true)
        {
            throw BrokerException.NotImplemented("A session");
        }
        var address = BrokerAddress.Normal(source.Address ?? "");
        OutgoingLink endpoint = address == BrokerAddress.Tokens || BrokerAddress.ManagedBy(address) is not null
            ? responses.Add(context.Link, (context.Attach.Target as Target)?.Address)
            : new QueueLink(context.Link, broker.Queue(address), context.Attach.SndSettleMode is SenderSettleMode.Settled);
        context.Complete(endpoint, 0);
        endpoint.Start();
    }
}
