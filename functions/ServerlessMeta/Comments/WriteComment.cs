namespace ServerlessMeta.Comments;

/// <summary>The body of a comment, for the description of the API: Markdown of up to 16 KiB, and the id of the comment that it answers.</summary>
public sealed record WriteComment(string Text, long? ReplyTo = null);
