using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ServerlessMeta.Local.Broker;

/// <summary>A client that asks <c>$cbs</c> or a management node. The answer goes to the link that the request names.</summary>
internal sealed class RequestLink(ResponseLinks responses, ListenerLink link, Func<Message, Message> answer) : LinkEndpoint
{
    public override void OnMessage(MessageContext messageContext)
    {
        var request = messageContext.Message;
        if (request.Properties?.ReplyTo is not { } replyTo || responses.Find(link.Session.Connection, replyTo) is not { } response)
        {
            messageContext.Complete(new Error(new Symbol(ErrorCode.NotFound)) { Description = "The request names no link of this connection for its answer." });
            return;
        }
        var reply = answer(request);
        reply.Properties ??= new Properties();
        reply.Properties.SetCorrelationId(request.Properties.GetMessageId());
        messageContext.Complete();
        response.Send(reply);
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
