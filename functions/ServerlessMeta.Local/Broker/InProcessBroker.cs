using System.Collections.Frozen;
using System.Collections.Immutable;
using ServerlessMeta.App.Messages;
using ServerlessMeta.Messages;

namespace ServerlessMeta.Local.Broker;

/// <summary>
/// Stands for a namespace of Service Bus, in memory: what is not settled goes with the process. What was settled is in the store.
/// Without sessions, scheduling, transactions and filters.
/// </summary>
internal sealed class InProcessBroker : IDisposable
{
    /// <summary>As the Basic and Standard tiers take at most.</summary>
    public const int MaxMessageBytes = 256 * 1024;

    // As Service Bus grants at most.
    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(5);

    private readonly FrozenDictionary<string, BrokerEntity> entities;
    private readonly FrozenDictionary<string, BrokerQueue> queues;

    public InProcessBroker(TimeProvider time, IEnumerable<EntitySetup> setups)
    {
        entities = setups.Select(setup => new BrokerEntity(setup, time)).ToFrozenDictionary(static entity => entity.Name, StringComparer.OrdinalIgnoreCase);
        queues = entities.Values.SelectMany(static entity => entity.Queues).SelectMany(static queue => new[] { queue, queue.DeadLetters! })
            .ToFrozenDictionary(static queue => queue.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What the store sends to and receives from.</summary>
    public static ImmutableArray<EntitySetup> StoreEntities { get; } = [new EntitySetup(Entities.Ingest) { LockDuration = LongestLock, MaxDeliveryCount = MessageEntry.MostDeliveries }, new EntitySetup(Entities.Retraining)];

    /// <summary>What takes messages at an address.</summary>
    /// <exception cref="BrokerException">There is no such queue or topic.</exception>
    public BrokerEntity Entity(string address) => entities.GetValueOrDefault(BrokerAddress.Normal(address)) ?? throw BrokerException.NotFound(address);

    /// <summary>What gives messages at an address: a queue, a subscription, or the dead letters of one.</summary>
    /// <exception cref="BrokerException">There is no such thing; a topic gives none itself.</exception>
    public BrokerQueue Queue(string address) => queues.GetValueOrDefault(BrokerAddress.Normal(address)) ?? throw BrokerException.NotFound(address);

    public void Dispose()
    {
        foreach (var entity in entities.Values)
        {
            entity.Dispose();
        }
    }
}
