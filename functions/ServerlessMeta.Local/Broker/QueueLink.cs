using System.Collections.Immutable;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ServerlessMeta.Local.Broker;

/// <summary>A receiver of a queue: gets messages and settles them.</summary>
/// <param name="settled">Messages are gone once they are sent: the mode 'receive and delete'.</param>
internal sealed class QueueLink(ListenerLink link, BrokerQueue queue, bool settled) : OutgoingLink(link)
{
    private static readonly ImmutableDictionary<string, object?> None = ImmutableDictionary<string, object?>.Empty;

    protected override Task Changed => queue.Changed;

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // As in Service Bus, what a receiver leaves unsettled stays locked until its lock ends: it may settle by the management node still.
        if (IsClosed || dispositionContext.Message is not TaggedMessage { LockToken: { } token })
        {
            return;
        }
        if (Settle(token, dispositionContext.DeliveryState))
        {
            dispositionContext.Complete();
        }
        else
        {
            var lost = BrokerException.LockLost();
            dispositionContext.Complete(new Error(new Symbol(lost.Condition)) { Description = lost.Message });
        }
    }

    protected override Message? Take() => queue.TryReceive(settled) is { } delivery ? AmqpMessages.Write(delivery, delivery.LockToken) : null;

    protected override void GiveBack(Message message)
    {
        if (message is TaggedMessage { LockToken: { } token })
        {
            queue.Release(token);
        }
    }

    private bool Settle(Guid token, DeliveryState? state) => state switch
    {
        Modified { UndeliverableHere: true } modified => queue.Defer(token, AmqpMessages.Texts(modified.MessageAnnotations)),
        Modified modified => queue.Abandon(token, AmqpMessages.Texts(modified.MessageAnnotations)),
        Released => queue.Release(token),
        Rejected rejected => Reject(token, rejected.Error),
        Accepted => queue.Complete(token),
        _ => queue.Abandon(token, None),
    };

    private bool Reject(Guid token, Error? error)
    {
        var info = AmqpMessages.Texts(error?.Info);
        info.Remove("DeadLetterReason", out var reason);
        info.Remove("DeadLetterErrorDescription", out var description);
        return queue.DeadLetter(token, reason as string ?? error?.Condition?.ToString(), description as string ?? error?.Description, info);
    }
}
