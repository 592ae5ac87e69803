using ServerlessMeta.Audit;

namespace ServerlessMeta.Comments;

/// <summary>A comment or a change: the one that is not null.</summary>
internal readonly record struct FeedItem(DateTimeOffset At, Comment? Comment, AuditEntryView? Change);
