namespace ServerlessMeta.Local.Broker;

/// <summary>A message in a queue, changed only by the queue that holds it.</summary>
internal sealed class HeldMessage(BrokerMessage message, long sequenceNumber, DateTimeOffset enqueuedAt, int size)
{
    public static IComparer<HeldMessage> BySequenceNumber { get; } = Comparer<HeldMessage>.Create(static (one, other) => one.SequenceNumber.CompareTo(other.SequenceNumber));

    public BrokerMessage Message { get; set; } = message;

    public long SequenceNumber => sequenceNumber;

    public DateTimeOffset EnqueuedAt => enqueuedAt;

    /// <summary>What it was charged when it came; properties that are added later do not count.</summary>
    public int Size => size;

    public HeldState State { get; set; }

    /// <summary>A deferred message stays deferred when it is abandoned.</summary>
    public bool IsDeferred { get; set; }

    public int FailedDeliveries { get; set; }

    public Guid LockToken { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    public bool IsExpired(DateTimeOffset now) => Message.TimeToLive is { } life && now - EnqueuedAt >= life;

    public BrokerDelivery View() => new(
        Message, SequenceNumber, EnqueuedAt, FailedDeliveries, State, State is HeldState.Locked ? LockToken : null, State is HeldState.Locked ? LockedUntil : null);
}
