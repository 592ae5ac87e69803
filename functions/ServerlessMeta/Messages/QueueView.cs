namespace ServerlessMeta.Messages;

/// <summary>A queue: how many messages wait in it and how many became dead letters; <c>isAtLeast</c> says that there may be more.</summary>
public sealed record QueueView(string Name, long Active, long DeadLetters, bool IsAtLeast);
