using System.Collections.Immutable;
using ServerlessMeta.Messages;

namespace ServerlessMeta.Ui.Queues;

/// <param name="HasBroker">False: the store has no broker, and takes events over HTTP alone.</param>
/// <param name="Queues">How many messages wait in each.</param>
/// <param name="Chosen">The queue whose dead letters are shown.</param>
/// <param name="Letters">The oldest first.</param>
/// <param name="Next">The page behind this one; null: there is none.</param>
public sealed record QueuesModel(bool HasBroker, ImmutableArray<QueueView> Queues, string Chosen, ImmutableArray<LetterLine> Letters, string? Next);
