using System.Collections.Immutable;

namespace ServerlessMeta.Comments;

/// <summary>What someone said of a run, an experiment, a model or a version.</summary>
public sealed record Comment
{
    /// <summary>What a text may weigh, as UTF-8.</summary>
    public const int TextBytes = 16 * 1024;

    public required CommentSubject Subject { get; init; }

    /// <summary>Its place among the comments of the subject, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The caller's name.</summary>
    public required string Author { get; init; }

    /// <summary>Markdown; null when the comment was deleted: then it is a marker of one that was there.</summary>
    public string? Text { get; init; }

    /// <summary>The number of the comment that this one answers.</summary>
    public long? ReplyTo { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EditedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public string? DeletedBy { get; init; }

    /// <summary>Who is mentioned, in the order of the text.</summary>
    public ImmutableArray<Mention> Mentions { get; init; } = [];

    /// <summary>Grows by one with each change, from 1.</summary>
    public required long Revision { get; init; }

    /// <summary>With another text; who stays mentioned was mentioned when it was first said.</summary>
    public Comment Edit(string text, ImmutableArray<string> mentions, DateTimeOffset at) => this with
    {
        Text = text,
        EditedAt = at,
        Mentions = [.. mentions.Select(name => Mentions.FirstOrDefault(mention => mention.Name == name) ?? new Mention(name, at))],
        Revision = Revision + 1,
    };

    public Comment Delete(string by, DateTimeOffset at) => this with { Text = null, DeletedAt = at, DeletedBy = by, Mentions = [], Revision = Revision + 1 };
}
