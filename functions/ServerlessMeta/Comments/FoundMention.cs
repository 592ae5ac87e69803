namespace ServerlessMeta.Comments;

/// <summary>Where someone was mentioned.</summary>
/// <param name="Number">The comment's number among those of the subject.</param>
/// <param name="Model">The name that the model has now; null for other subjects.</param>
/// <param name="Excerpt">How the comment begins.</param>
public sealed record FoundMention(string Name, DateTimeOffset At, CommentSubject Subject, string? Model, long Number, string Author, string Excerpt);
