using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using ServerlessMeta.App.Messages;
using ServerlessMeta.Messages;

namespace ServerlessMeta.Functions;

/// <summary>One function for each queue that the store reads. Every message is settled here, by its own outcome.</summary>
public sealed class BusFunctions(MessageEntry entry, TimeProvider time)
{
    // The longest wait before abandoning, and some.
    private static readonly TimeSpan BeforeLocksEnd = TimeSpan.FromSeconds(35);

    [Function(Entities.Ingest)]
    public async Task Ingest(
        [ServiceBusTrigger(Entities.Ingest, Connection = ServiceBusBus.Connection, IsBatched = true, AutoCompleteMessages = false)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        // The locks of a batch are not renewed: what is not begun when they end soon comes again.
        var left = messages.Min(static message => message.LockedUntil) - time.GetUtcNow() - BeforeLocksEnd;
        deadline.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        var outcomes = await entry.HandleAsync([.. messages.Select(static message => new IncomingMessage(
            Entities.Ingest, message.MessageId, message.Subject, message.ContentType, BodyOf(message), message.DeliveryCount, message.ApplicationProperties))], deadline.Token);
        var settled = messages.Zip(outcomes).ToList();
        // Each on its own: a lock that was lost keeps none of the others from being settled, and its message comes again.
        var done = Task.WhenAll(settled.Select(one => one.Second switch
        {
            MessageOutcome.Complete => actions.CompleteMessageAsync(one.First, ct),
            MessageOutcome.DeadLetter dead => actions.DeadLetterMessageAsync(one.First, deadLetterReason: dead.Reason, deadLetterErrorDescription: dead.Description, cancellationToken: ct),
            _ => Task.CompletedTask,
        }));
        var abandoned = settled.Where(static one => one.Second is MessageOutcome.Abandon).Select(static one => one.First).Reverse().ToList();
        if (abandoned.Count > 0)
        {
            await Task.Delay(MessageEntry.WaitBeforeAbandoning(abandoned.Max(static message => message.DeliveryCount), outcomes), time, ct);
        }
        // From the last to the first, so that they keep their order.
        foreach (var message in abandoned)
        {
            await actions.AbandonMessageAsync(message, cancellationToken: ct);
        }
        await done;
    }

    // Most clients send bytes; some send a text as an AMQP value. Whatever else there is becomes a dead letter, for it is no JSON.
    internal static BinaryData BodyOf(ServiceBusReceivedMessage message) => message.GetRawAmqpMessage().Body switch
    {
        { BodyType: AmqpMessageBodyType.Data } => message.Body,
        var body when body.TryGetValue(out var value) && value is string text => BinaryData.FromString(text),
        _ => BinaryData.FromBytes(Array.Empty<byte>()),
    };
}
