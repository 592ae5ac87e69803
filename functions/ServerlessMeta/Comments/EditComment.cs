namespace ServerlessMeta.Comments;

/// <summary>The body that gives a comment another text, for the description of the API.</summary>
public sealed record EditComment(string Text);
