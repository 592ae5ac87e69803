namespace ServerlessMeta.Messages;

/// <summary>The message broker: Service Bus in Azure, in-process on a laptop.</summary>
public interface IMessageBus
{
    /// <summary>Returns when the broker has the message. It may be sent twice, with the same id.</summary>
    Task SendAsync(string entity, OutgoingMessage message, CancellationToken ct);

    /// <summary>How many messages wait in a queue, and how many are dead letters.</summary>
    Task<QueueCounts> CountAsync(string entity, CancellationToken ct);

    /// <summary>The dead letters of a queue, the oldest first, from a sequence number on.</summary>
    Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string entity, long from, int count, CancellationToken ct);

    /// <summary>Sends a copy of a dead letter to its queue and removes the dead letter; false when there is none of that number. A crash in between leaves both, and receipts make that harmless.</summary>
    Task<bool> ReplayAsync(string entity, long sequenceNumber, CancellationToken ct);
}
