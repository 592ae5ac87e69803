using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Comments;

/// <summary>
/// A change of one comment, prepared on what is stored: it, its mentions, the subject's row, which guards it, and the audit's entry are one transaction. The entry has digests of the comment, never its
/// text, so that what is deleted is gone.
/// </summary>
/// <param name="stored">The subject's row; null when it has no comment yet.</param>
/// <param name="before">The comment's row; null for a new one.</param>
internal sealed class CommentChange(FoundSubject subject, TableEntity? stored, TableEntity? before, Caller by, DateTimeOffset now)
{
    private readonly AuditHead head = stored is null ? AuditHead.None : AuditHead.Of(stored);

    public Caller By => by;

    /// <summary>When: never before the change before it.</summary>
    public DateTimeOffset At => now > head.At ? now : head.At;

    public long Last => SubjectRow.LastOf(stored);

    public Comment? Before { get; } = before is null ? null : CommentRow.To(before);

    /// <summary>The comment as it will be; null: nothing changes.</summary>
    public Comment? After { get; private set; }

    /// <summary>The key of the audit's entry: whose write it has, won.</summary>
    public string EntryKey => AuditKeys.Entry(CommentKeys.ObjectKey(subject.Subject), head.Number + 1);

    private string Action { get; set; } = "";

    private string? Claim { get; set; }

    /// <param name="claim">The key of a row that keeps the change from being made twice.</param>
    public void Put(Comment comment, string action, string? claim = null) => (After, Action, Claim) = (comment, action, claim);

    public GroupTransaction ToTransaction(TableClient table, string write)
    {
        var (comment, row) = (After!, CommentRow.From(After!));
        var home = SubjectRow.From(subject.Subject, Math.Max(Last, comment.Number));
        var trail = new AuditTrail(CommentKeys.ObjectKey(subject.Subject), $"comments:{subject.Subject.Name}", head);
        trail.Record(by, now, Action, [Changed(stored, home), Changed(before, row)], subject.Title, Details(comment));
        trail.Head.Write(home);
        home[WriteId.Property] = write;
        var transaction = new GroupTransaction(table, CommentKeys.Partition);
        _ = stored is null ? transaction.Add(home) : transaction.Replace(home, stored.ETag);
        _ = before is null ? transaction.Add(row) : transaction.Put(row);
        if (Claim is not null)
        {
            transaction.Add(new TableEntity(CommentKeys.Partition, Claim) { ["number"] = comment.Number });
        }
        foreach (var mention in comment.Mentions)
        {
            transaction.Put(MentionRow.From(comment, mention));
        }
        foreach (var gone in (Before?.Mentions ?? []).Except(comment.Mentions))
        {
            transaction.Remove(CommentKeys.Mention(gone.Name, gone.At, comment.Subject, comment.Number));
        }
        foreach (var entry in trail.Rows(CommentKeys.Partition, write))
        {
            transaction.Add(entry);
        }
        return transaction;
    }

    private static RowChange Changed(TableEntity? before, TableEntity after) => new(after.RowKey, before is null ? null : RowDigest.Of(before), RowDigest.Of(after));

    private static IEnumerable<KeyValuePair<string, string>> Details(Comment comment)
    {
        yield return new("comment", Text(comment.Number));
        if (comment.ReplyTo is { } other)
        {
            yield return new("replyTo", Text(other));
        }
        if (comment.Mentions.Length > 0)
        {
            yield return new("mentions", string.Join(' ', comment.Mentions.Select(static mention => mention.Name)));
        }

        static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
