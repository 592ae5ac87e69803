using System.Collections.Immutable;

namespace ServerlessMeta.Local.Broker;

/// <summary>A queue, or a topic with its subscriptions, and the rules that it keeps.</summary>
/// <param name="Name">Its address; letter case does not matter.</param>
internal sealed record EntitySetup(string Name)
{
    /// <summary>Names of a topic's subscriptions; none: it is a queue.</summary>
    public ImmutableArray<string> Subscriptions { get; init; } = [];

    /// <summary>How long a receiver has a message to itself.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A message whose delivery failed so often becomes a dead letter.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>How long the id of a message is remembered, so that the same is not taken twice; null: not at all, as the Basic tier does.</summary>
    public TimeSpan? DuplicateWindow { get; init; }

    /// <summary>The most messages that a queue or subscription holds, dead letters among them.</summary>
    public int MaxMessages { get; init; } = 100_000;

    /// <summary>The most bytes of messages that a queue or subscription holds, dead letters among them.</summary>
    public long MaxBytes { get; init; } = 64L * 1024 * 1024;
}
