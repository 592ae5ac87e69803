namespace ServerlessMeta.Comments;

/// <summary>What a request comments on, which is there.</summary>
/// <param name="Title">What people call it: a model's name; null: they call it by its id.</param>
public sealed record FoundSubject(CommentSubject Subject, string? Title);
