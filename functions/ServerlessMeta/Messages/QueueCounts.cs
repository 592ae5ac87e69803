namespace ServerlessMeta.Messages;

/// <param name="Active">Messages that wait.</param>
/// <param name="DeadLetters">Messages that could not be applied.</param>
/// <param name="IsAtLeast">There may be more: the broker was not asked for all.</param>
public sealed record QueueCounts(long Active, long DeadLetters, bool IsAtLeast);
