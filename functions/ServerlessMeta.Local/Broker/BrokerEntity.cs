using System.Collections.Immutable;

namespace ServerlessMeta.Local.Broker;

/// <summary>Takes messages: a queue for itself, a topic for each of its subscriptions.</summary>
internal sealed class BrokerEntity : IDisposable
{
    private readonly TimeProvider time;
    private readonly Lock sync = new();
    private readonly DuplicateIds? duplicates;

    public BrokerEntity(EntitySetup setup, TimeProvider time)
    {
        this.time = time;
        Name = setup.Name;
        duplicates = setup.DuplicateWindow is { } window ? new DuplicateIds(window) : null;
        Queues = setup.Subscriptions.IsEmpty
            ? [new BrokerQueue(setup.Name, setup, time)]
            : [.. setup.Subscriptions.Select(name => new BrokerQueue(BrokerAddress.Subscription(setup.Name, name), setup, time))];
    }

    public string Name { get; }

    public ImmutableArray<BrokerQueue> Queues { get; }

    /// <summary>Takes all messages or none. One whose id was seen in the window is taken and forgotten.</summary>
    /// <exception cref="BrokerException">One is too large, or there is no room.</exception>
    public void Send(IReadOnlyList<BrokerMessage> messages)
    {
        if (messages.FirstOrDefault(static message => message.Size > InProcessBroker.MaxMessageBytes) is { } large)
        {
            throw BrokerException.TooLarge(large.Size);
        }
        lock (sync)
        {
            var now = time.GetUtcNow();
            var fresh = duplicates?.Fresh(messages, now) ?? messages;
            var bytes = fresh.Sum(static message => (long)message.Size);
            foreach (var queue in Queues)
            {
                queue.MustHaveRoom(fresh.Count, bytes);
            }
            foreach (var message in fresh)
            {
                duplicates?.Add(message.Id, now);
                foreach (var queue in Queues)
                {
                    queue.Enqueue(message);
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var queue in Queues)
        {
            queue.Dispose();
        }
    }
}
