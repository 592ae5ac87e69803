using System.Security.Cryptography;

namespace ServerlessMeta.Local.Broker;

/// <summary>
/// A queue, a subscription or the dead letters of either, in memory. A receiver locks a message and settles it; a lock that ends gives the message back.
/// Messages come in the order of their sequence numbers as far as they are there; one that is given back takes its old place.
/// </summary>
internal sealed class BrokerQueue : IDisposable
{
    private readonly EntitySetup setup;
    private readonly TimeProvider time;
    private readonly BrokerQuota quota;
    private readonly Lock sync = new();
    private readonly SortedSet<HeldMessage> all = new(HeldMessage.BySequenceNumber);
    private readonly PriorityQueue<HeldMessage, long> ready = new();
    private readonly LockList locks;
    private readonly ITimer timer;
    private bool timerRuns;
    private int deferred;
    private long lastSequenceNumber;
    private TaskCompletionSource? changed;

    public BrokerQueue(string name, EntitySetup setup, TimeProvider time)
        : this(name, setup, time, new BrokerQuota(name, setup.MaxMessages, setup.MaxBytes)) =>
        DeadLetters = new BrokerQueue($"{name}/{BrokerAddress.DeadLetters}", setup, time, quota);

    private BrokerQueue(string name, EntitySetup setup, TimeProvider time, BrokerQuota quota)
    {
        (Name, this.setup, this.time, this.quota, locks) = (name, setup, time, quota, new LockList(setup.LockDuration));
        timer = time.CreateTimer(_ => EndLocks(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Name { get; }

    /// <summary>Null: these are dead letters.</summary>
    public BrokerQueue? DeadLetters { get; }

    /// <summary>Ends when there may be something to receive. Asked for before a vain try, so that nothing is missed.</summary>
    public Task Changed
    {
        get
        {
            lock (sync)
            {
                return (changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>Messages that wait or are locked; deferred ones are neither.</summary>
    public int Count
    {
        get
        {
            lock (sync)
            {
                return all.Count - deferred;
            }
        }
    }

    /// <exception cref="BrokerException">There is no room.</exception>
    public void MustHaveRoom(int count, long size) => quota.MustHaveRoom(count, size);

    public void Enqueue(BrokerMessage message)
    {
        quota.Take(message.Size);
        lock (sync)
        {
            Hold(new HeldMessage(message, ++lastSequenceNumber, time.GetUtcNow(), message.Size));
        }
    }

    /// <summary>The next message; null: none is ready.</summary>
    /// <param name="settled">The message is gone with this: there is nothing to settle.</param>
    public BrokerDelivery? TryReceive(bool settled)
    {
        lock (sync)
        {
            var now = time.GetUtcNow();
            GiveBackEnded(now);
            while (ready.TryDequeue(out var held, out _))
            {
                if (held.State is not HeldState.Ready)
                {
                    continue;
                }
                if (held.IsExpired(now))
                {
                    Drop(held);
                    continue;
                }
                return Deliver(held, settled, now);
            }
            return null;
        }
    }

    /// <summary>Deferred messages by their sequence numbers; those that are not there, or locked already, are left out.</summary>
    public IReadOnlyList<BrokerDelivery> ReceiveDeferred(IEnumerable<long> sequenceNumbers, bool settled)
    {
        lock (sync)
        {
            var now = time.GetUtcNow();
            GiveBackEnded(now);
            return [.. sequenceNumbers.Distinct().Select(Find).OfType<HeldMessage>().Where(static held => held.State is HeldState.Deferred).Select(held => Deliver(held, settled, now))];
        }
    }

    /// <returns>False: the lock is lost.</returns>
    public bool Complete(Guid token) => Settle(token, Drop);

    /// <summary>Gives a message back; the delivery counts as failed.</summary>
    /// <param name="properties">To set on the message.</param>
    /// <returns>False: the lock is lost.</returns>
    public bool Abandon(Guid token, IReadOnlyDictionary<string, object?> properties) => Settle(token, held =>
    {
        held.Message = held.Message.With(properties);
        Fail(held);
    });

    /// <summary>Gives a message back as if it had not been delivered.</summary>
    public bool Release(Guid token) => Settle(token, GiveBack);

    /// <summary>Sets a message aside until it is asked for by its sequence number.</summary>
    public bool Defer(Guid token, IReadOnlyDictionary<string, object?> properties) => Settle(token, held =>
    {
        held.Message = held.Message.With(properties);
        held.IsDeferred = true;
        GiveBack(held);
    });

    /// <summary>Puts a message among the dead letters; one that is there already stays.</summary>
    public bool DeadLetter(Guid token, string? reason, string? description, IReadOnlyDictionary<string, object?> properties) => Settle(token, held =>
    {
        held.Message = held.Message.With(properties);
        held.FailedDeliveries++;
        Bury(held, reason, description);
    });

    /// <returns>When the lock ends now; null: the lock is lost.</returns>
    public DateTimeOffset? Renew(Guid token)
    {
        lock (sync)
        {
            var now = time.GetUtcNow();
            GiveBackEnded(now);
            return locks.Renew(token, now);
        }
    }

    /// <summary>Looks at messages in whatever state, from a sequence number on.</summary>
    public IReadOnlyList<BrokerDelivery> Peek(long from, int count)
    {
        lock (sync)
        {
            var now = time.GetUtcNow();
            GiveBackEnded(now);
            return [.. From(from).Where(held => held.State is HeldState.Locked || !held.IsExpired(now)).Take(count).Select(static held => held.View())];
        }
    }

    /// <summary>Moves a dead letter back to its queue, as new; false: there is none of that number.</summary>
    public bool Replay(long sequenceNumber)
    {
        if (DeadLetters?.TakeOut(sequenceNumber) is not { } dead)
        {
            return false;
        }
        lock (sync)
        {
            Hold(new HeldMessage(dead.Message.WithoutDeadLetter(), ++lastSequenceNumber, time.GetUtcNow(), dead.Size));
        }
        return true;
    }

    public void Dispose()
    {
        timer.Dispose();
        DeadLetters?.Dispose();
    }

    private BrokerDelivery Deliver(HeldMessage held, bool settled, DateTimeOffset now)
    {
        if (held.State is HeldState.Deferred)
        {
            deferred--;
        }
        if (settled)
        {
            Drop(held);
            return held.View();
        }
        locks.Add(held, new Guid(RandomNumberGenerator.GetBytes(16)), now);
        StartTimer(now);
        return held.View();
    }

    private bool Settle(Guid token, Action<HeldMessage> how)
    {
        lock (sync)
        {
            GiveBackEnded(time.GetUtcNow());
            if (locks.Remove(token) is not { } held)
            {
                return false;
            }
            how(held);
            return true;
        }
    }

    private void Hold(HeldMessage held)
    {
        all.Add(held);
        GiveBack(held);
    }

    private void GiveBack(HeldMessage held)
    {
        if (held.IsDeferred)
        {
            held.State = HeldState.Deferred;
            deferred++;
            return;
        }
        held.State = HeldState.Ready;
        ready.Enqueue(held, held.SequenceNumber);
        changed?.TrySetResult();
        changed = null;
    }

    private void Drop(HeldMessage held)
    {
        all.Remove(held);
        held.State = HeldState.Gone;
        quota.Release(held.Size);
    }

    private void Fail(HeldMessage held)
    {
        if (++held.FailedDeliveries >= setup.MaxDeliveryCount && DeadLetters is not null)
        {
            Bury(held, "MaxDeliveryCountExceeded", $"Message could not be consumed after {held.FailedDeliveries} delivery attempts.");
            return;
        }
        GiveBack(held);
    }

    private void Bury(HeldMessage held, string? reason, string? description)
    {
        held.IsDeferred = false;
        if (DeadLetters is null)
        {
            GiveBack(held);
            return;
        }
        held.Message = held.Message.WithDeadLetter(reason, description);
        all.Remove(held);
        DeadLetters.Adopt(held);
    }

    private void Adopt(HeldMessage held)
    {
        lock (sync)
        {
            Hold(held);
        }
    }

    private HeldMessage? TakeOut(long sequenceNumber)
    {
        lock (sync)
        {
            if (Find(sequenceNumber) is not { } held)
            {
                return null;
            }
            all.Remove(held);
            deferred -= held.State is HeldState.Deferred ? 1 : 0;
            locks.Remove(held.LockToken);
            if (held.State is HeldState.Ready)
            {
                ready.Remove(held, out _, out _);
            }
            held.State = HeldState.Gone;
            return held;
        }
    }

    private HeldMessage? Find(long sequenceNumber) => From(sequenceNumber).FirstOrDefault(held => held.SequenceNumber == sequenceNumber);

    private SortedSet<HeldMessage> From(long sequenceNumber) => all.GetViewBetween(Bound(sequenceNumber), Bound(long.MaxValue));

    private static HeldMessage Bound(long sequenceNumber) => new(BrokerMessage.None, sequenceNumber, default, 0);

    private void GiveBackEnded(DateTimeOffset now)
    {
        while (locks.RemoveEnded(now) is { } held)
        {
            Fail(held);
        }
    }

    private void StartTimer(DateTimeOffset now)
    {
        if (!timerRuns && locks.FirstEnd is { } end)
        {
            timerRuns = true;
            timer.Change(TimeSpan.FromTicks(Math.Max((end - now).Ticks, TimeSpan.TicksPerMillisecond)), Timeout.InfiniteTimeSpan);
        }
    }

    private void EndLocks()
    {
        lock (sync)
        {
            timerRuns = false;
            var now = time.GetUtcNow();
            GiveBackEnded(now);
            StartTimer(now);
        }
    }
}
