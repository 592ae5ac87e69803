namespace ServerlessMeta.App.Messages;

/// <summary>What a message says: its events, or why it says nothing.</summary>
/// <param name="IsBatch">The events came as a list, so that what is said of one names its place.</param>
internal sealed record IngestMessage(IReadOnlyList<IngestEvent> Events, bool IsBatch, EventRefusal? Refusal);
