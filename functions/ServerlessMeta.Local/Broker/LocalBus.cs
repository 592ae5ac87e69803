using ServerlessMeta.Messages;

namespace ServerlessMeta.Local.Broker;

/// <summary>The store's way to the broker in its own process.</summary>
internal sealed class LocalBus(InProcessBroker broker) : IMessageBus
{
    public Task SendAsync(string entity, OutgoingMessage message, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        broker.Entity(entity).Send([BrokerMessage.From(message)]);
        return Task.CompletedTask;
    }

    public Task<QueueCounts> CountAsync(string entity, CancellationToken ct)
    {
        var queue = broker.Queue(entity);
        return Task.FromResult(new QueueCounts(queue.Count, queue.DeadLetters?.Count ?? 0, IsAtLeast: false));
    }

    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string entity, long from, int count, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<DeadLetter>>([.. broker.Queue(entity).DeadLetters!.Peek(from, count).Select(View)]);

    public Task<bool> ReplayAsync(string entity, long sequenceNumber, CancellationToken ct) => Task.FromResult(broker.Queue(entity).Replay(sequenceNumber));

    private static DeadLetter View(BrokerDelivery dead) => new(
        dead.SequenceNumber, dead.Message.Id, dead.Message.Subject, dead.Message.DeadLetterReason, dead.Message.DeadLetterDescription,
        dead.EnqueuedAt, dead.FailedDeliveries, dead.Message.ContentType, dead.Message.Body ?? BinaryData.Empty);
}
