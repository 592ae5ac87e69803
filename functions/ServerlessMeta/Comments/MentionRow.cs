using Azure.Data.Tables;

namespace ServerlessMeta.Comments;

/// <summary>A mention as a row: an index, made from its comment in the comment's transaction.</summary>
internal static class MentionRow
{
    private const int ExcerptLength = 300;

    public static TableEntity From(Comment comment, Mention mention) => new(CommentKeys.Partition, CommentKeys.Mention(mention.Name, mention.At, comment.Subject, comment.Number))
    {
        ["name"] = mention.Name,
        ["at"] = mention.At,
        ["subject"] = CommentKeys.ObjectKey(comment.Subject),
        ["number"] = comment.Number,
        ["author"] = comment.Author,
        ["excerpt"] = Excerpt(comment.Text!),
    };

    public static FoundMention To(TableEntity row) => new(
        row.GetString("name"), row.GetDateTimeOffset("at")!.Value, CommentKeys.SubjectOf(row.GetString("subject")), null, row.GetInt64("number")!.Value, row.GetString("author"), row.GetString("excerpt"));

    private static string Excerpt(string text) => text.Length <= ExcerptLength ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[ExcerptLength - 1]) ? ExcerptLength - 1 : ExcerptLength), "...");
}
