using ServerlessMeta.Audit;

namespace ServerlessMeta.Comments;

/// <summary>What was said or done: <c>kind</c> is comment or change, and the field of that name tells it as the lists of comments and of the audit do.</summary>
public sealed record FeedItemView(string Kind, DateTimeOffset At, string By, CommentView? Comment, AuditEntryView? Change)
{
    internal static FeedItemView From(FeedItem item) => item.Comment is { } comment
        ? new("comment", item.At, comment.Author, CommentView.From(comment), null)
        : new("change", item.At, item.Change!.By, null, item.Change);
}
