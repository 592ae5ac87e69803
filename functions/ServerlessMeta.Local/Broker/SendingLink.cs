using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ServerlessMeta.Local.Broker;

/// <summary>A client that sends to a queue or topic.</summary>
internal sealed class SendingLink(BrokerEntity entity) : LinkEndpoint
{
    public override void OnMessage(MessageContext messageContext)
    {
        try
        {
            entity.Send(AmqpMessages.Read((ReceivedMessage)messageContext.Message));
            messageContext.Complete();
        }
        catch (BrokerException refused)
        {
            messageContext.Complete(new Error(new Symbol(refused.Condition)) { Description = refused.Message });
        }
    }

    public override void OnFlow(FlowContext flowContext)
    {
        // A sender has nothing to say by it.
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // What is received is settled at once.
    }
}
