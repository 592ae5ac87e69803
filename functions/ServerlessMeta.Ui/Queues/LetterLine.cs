namespace ServerlessMeta.Ui.Queues;

/// <summary>A dead letter.</summary>
/// <param name="Id">Its sequence number.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="Body">As text; of a long one the beginning.</param>
public sealed record LetterLine(string Id, string MessageId, string? Subject, string? Reason, string? Description, DateTimeOffset EnqueuedAt, int Tries, string Body);
