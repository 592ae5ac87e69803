namespace ServerlessMeta.App.Messages;

/// <summary>The one entry for messages of either host. A message may come twice, late, in any order.</summary>
public sealed class MessageEntry
{
    /// <summary>Applies a batch of messages as they were received, in their order within a run. One outcome for each, in the order of the batch.</summary>
    public Task<IReadOnlyList<MessageOutcome>> HandleAsync(IReadOnlyList<IncomingMessage> batch, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<MessageOutcome>>([.. batch.Select(static _ => new MessageOutcome.Abandon())]);
}
