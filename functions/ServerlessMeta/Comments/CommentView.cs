using System.Collections.Immutable;

namespace ServerlessMeta.Comments;

/// <summary>
/// A comment as it is answered; <c>id</c> is its number among those of the subject, <c>text</c> Markdown. One that was deleted is a marker: it has <c>deletedAt</c> and no text. Its ETag is made
/// of id and revision.
/// </summary>
public sealed record CommentView
{
    public required long Id { get; init; }

    public required string Author { get; init; }

    public string? Text { get; init; }

    public long? ReplyTo { get; init; }

    public required ImmutableArray<string> Mentions { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EditedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public string? DeletedBy { get; init; }

    public required long Revision { get; init; }

    internal static CommentView From(Comment comment) => new()
    {
        Id = comment.Number,
        Author = comment.Author,
        Text = comment.Text,
        ReplyTo = comment.ReplyTo,
        Mentions = [.. comment.Mentions.Select(static mention => mention.Name)],
        CreatedAt = comment.CreatedAt,
        EditedAt = comment.EditedAt,
        DeletedAt = comment.DeletedAt,
        DeletedBy = comment.DeletedBy,
        Revision = comment.Revision,
    };
}
