using System.Collections.Immutable;

namespace ServerlessMeta.Messages;

/// <summary>The queues of the store.</summary>
public sealed record QueueList(ImmutableArray<QueueView> Queues);
