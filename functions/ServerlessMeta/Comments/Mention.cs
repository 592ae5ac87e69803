namespace ServerlessMeta.Comments;

/// <summary>A name in a comment, and when it was first there.</summary>
public sealed record Mention(string Name, DateTimeOffset At);
