using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using ServerlessMeta.App.Messages;
using ServerlessMeta.Messages;

namespace ServerlessMeta.Functions;

/// <summary>One function for each queue that the store reads. Every message is settled here, by its own outcome.</summary>
public sealed class BusFunctions(MessageEntry entry, TimeProvider time)
{
    [Function(Entities.Ingest)]
    public async Task Ingest(
        [ServiceBusTrigger(Entities.Ingest, Connection = ServiceBusBus.Connection, IsBatched = true, AutoCompleteMessages = false)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions, CancellationToken ct)
    {
        var outcomes = await entry.HandleAsync([.. messages.Select(static message => new IncomingMessage(
            Entities.Ingest, message.MessageId, message.Subject, message.ContentType, BodyOf(message), message.DeliveryCount, message.ApplicationProperties))], ct);
        // Each on its own: a lock that was lost keeps none of the others from being settled, and its message comes again.
        await Task.WhenAll(messages.Zip(outcomes, (message, outcome) => SettleAsync(message, outcome, outcomes, actions, ct)));
    }

    private async Task SettleAsync(ServiceBusReceivedMessage message, MessageOutcome outcome, IReadOnlyList<MessageOutcome> batch, ServiceBusMessageActions actions, CancellationToken ct)
    {
        switch (outcome)
        {
            case MessageOutcome.Complete:
                await actions.CompleteMessageAsync(message, ct);
                break;
            case MessageOutcome.DeadLetter dead:
                await actions.DeadLetterMessageAsync(message, deadLetterReason: dead.Reason, deadLetterErrorDescription: dead.Description, cancellationToken: ct);
                break;
            default:
                await Task.Delay(MessageEntry.WaitBeforeAbandoning(message.DeliveryCount, batch), time, ct);
                await actions.AbandonMessageAsync(message, cancellationToken: ct);
                break;
        }
    }

    // Most clients send bytes; some send a text as an AMQP value. Whatever else there is becomes a dead letter, for it is no JSON.
    internal static BinaryData BodyOf(ServiceBusReceivedMessage message) => message.GetRawAmqpMessage().Body switch
    {
        { BodyType: AmqpMessageBodyType.Data } => message.Body,
        var body when body.TryGetValue(out var value) && value is string text => BinaryData.FromString(text),
        _ => BinaryData.FromBytes(Array.Empty<byte>()),
    };
}
