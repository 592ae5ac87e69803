using System.Collections.Immutable;
using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Comments;

/// <summary>
/// Comments on runs, experiments, models and versions. Each change is one transaction under the ETag of the subject's row; who loses reads again. It recognises its own write by the audit's entry.
/// </summary>
public sealed class CommentStore
{
    /// <summary>How many different people a comment may mention.</summary>
    public const int HighestMentions = 20;

    internal const string Kind = "Comment";
    private readonly StorageClients storage;
    private readonly TimeProvider time;

    internal CommentStore(StorageClients storage, TimeProvider time) => (this.storage, this.time) = (storage, time);

    private TableClient Table => storage.Comments;

    /// <summary>Adds a comment of the caller's. With the same key of the same author it is made once; a repeated call answers what was made.</summary>
    public async Task<Result<Comment>> AddAsync(FoundSubject subject, string text, long? replyTo, string? idempotencyKey, CancellationToken ct)
    {
        var mentions = MentionNames.In(text);
        if (Refuse(mentions) is { } refused)
        {
            return refused;
        }
        var claim = idempotencyKey is null ? null : CommentKeys.Claim(subject.Subject, Caller.Current.Name, idempotencyKey);
        return await ChangeAsync(subject, null, claim, change =>
        {
            if (replyTo > change.Last)
            {
                return new Failure.Invalid("replyTo", $"There is no comment {replyTo} to answer.");
            }
            change.Put(new Comment
            {
                Subject = subject.Subject,
                Number = change.Last + 1,
                Author = change.By.Name,
                Text = text,
                ReplyTo = replyTo,
                CreatedAt = change.At,
                Mentions = [.. mentions.Select(name => new Mention(name, change.At))],
                Revision = 1,
            }, "comment.create", claim);
            return null;
        }, ct);
    }

    /// <summary>Gives a comment of the caller's own another text.</summary>
    /// <param name="revision">The revision that the caller saw; null: whichever.</param>
    public async Task<Result<Comment>> EditAsync(FoundSubject subject, long number, string text, long? revision, CancellationToken ct)
    {
        var mentions = MentionNames.In(text);
        if (Refuse(mentions) is { } refused)
        {
            return refused;
        }
        return await ChangeAsync(subject, number, null, change => change.Before! switch
        {
            { Author: var author } when author != change.By.Name => new Failure.Forbidden($"Comment {number} is {author}'s: its author alone may change its text."),
            { DeletedAt: not null } => new Failure.WrongStage(Kind, Text(number), LifecycleStage.Active, LifecycleStage.Deleted),
            var before when before.Text == text => null,
            var before when revision is not null && before.Revision != revision => new Failure.Conflict(Kind, Text(number)),
            var before => Put(change, before.Edit(text, mentions, change.At), "comment.edit"),
        }, ct);
    }

    /// <summary>Deletes a comment of the caller's own, or anybody's as an administrator: its text is gone, a marker stays. It may be repeated.</summary>
    /// <param name="revision">The revision that the caller saw; null: whichever.</param>
    public async Task<Result<Comment>> DeleteAsync(FoundSubject subject, long number, long? revision, CancellationToken ct) =>
        await ChangeAsync(subject, number, null, change => change.Before! switch
        {
            { Author: var author } when author != change.By.Name && change.By.Role < Role.Admin => new Failure.Forbidden($"Comment {number} is {author}'s: its author or an administrator may delete it."),
            { DeletedAt: not null } => null,
            var before when revision is not null && before.Revision != revision => new Failure.Conflict(Kind, Text(number)),
            var before => Put(change, before.Delete(change.By.Name, change.At), "comment.delete"),
        }, ct);

    public async Task<Result<Comment>> FindAsync(CommentSubject subject, long number, CancellationToken ct) =>
        await FindRowAsync(CommentKeys.Comment(subject, number), ct) is { } row ? CommentRow.To(row) : new Failure.NotFound(Kind, Text(number));

    /// <summary>The comments on a subject, the oldest first, markers of deleted ones too.</summary>
    public async Task<Result<Paged<Comment>>> ListAsync(CommentSubject subject, int size, string? pageToken, CancellationToken ct)
    {
        var after = PageToken.Read(subject.Name, pageToken);
        var last = 0L;
        if (!after.IsOk || (after.Value is { } text && (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out last) || last > CommentKeys.MaxNumber)))
        {
            return after.Failure ?? new Failure.Invalid("page_token", "Invalid page token, it names no comment");
        }
        var comments = ImmutableArray.CreateBuilder<Comment>();
        await foreach (var row in QueryAsync(CommentKeys.CommentsAfter(subject, last), size, ct))
        {
            if (comments.Count == size)
            {
                return new Paged<Comment>(comments.ToImmutable(), PageToken.Write(subject.Name, Text(comments[^1].Number)));
            }
            comments.Add(CommentRow.To(row));
        }
        return new Paged<Comment>(comments.ToImmutable(), null);
    }

    /// <summary>The comments on a subject below a number, the newest first: one operation, two when no number is given.</summary>
    internal async Task<ImmutableArray<Comment>> ListBackAsync(CommentSubject subject, int size, long? below, CancellationToken ct)
    {
        // They have no gaps, so where a page begins is known.
        var end = below ?? SubjectRow.LastOf(await FindRowAsync(CommentKeys.Subject(subject), ct)) + 1;
        var start = Math.Max(0, end - 1 - size);
        if (end <= 1)
        {
            return [];
        }
        var comments = new List<Comment>();
        await foreach (var row in QueryAsync((CommentKeys.Comment(subject, start), CommentKeys.Comment(subject, end)), size, ct))
        {
            comments.Add(CommentRow.To(row));
        }
        comments.Reverse();
        return [.. comments];
    }

    /// <summary>Where a name was mentioned, the newest first; names of models are left out.</summary>
    public async Task<Result<Paged<FoundMention>>> ListMentionsAsync(string name, int size, string? pageToken, CancellationToken ct)
    {
        var query = $"mentions of {name}";
        var after = PageToken.Read(query, pageToken);
        if (!after.IsOk)
        {
            return after.Failure;
        }
        var (from, below) = CommentKeys.Mentions(name);
        if (after.Value is { } place && !CommentKeys.IsPlace(place))
        {
            return new Failure.Invalid("page_token", "Invalid page token, it names no mention");
        }
        var (found, last) = (ImmutableArray.CreateBuilder<FoundMention>(), "");
        await foreach (var row in QueryAsync((from + after.Value, below), size, ct))
        {
            if (found.Count == size)
            {
                return new Paged<FoundMention>(found.ToImmutable(), PageToken.Write(query, last));
            }
            found.Add(MentionRow.To(row));
            last = row.RowKey[from.Length..];
        }
        return new Paged<FoundMention>(found.ToImmutable(), null);
    }

    /// <summary>Where what is commented on would lie; the audit names it as <see cref="CommentSubject.Name"/> does.</summary>
    internal AuditedObject? Locate(string name) => CommentSubject.Read(name) is { } subject ? new AuditedObject(Audited, CommentKeys.ObjectKey(subject), CommentKeys.Subject(subject)) : null;

    internal AuditedPartition Audited => new(Table, CommentKeys.Partition);

    private async Task<Result<Comment>> ChangeAsync(FoundSubject subject, long? number, string? claim, Func<CommentChange, Failure?> prepare, CancellationToken ct)
    {
        var (by, started) = (Caller.Current, time.GetTimestamp());
        for (var attempt = 0; ; attempt++)
        {
            if (attempt > 0 && claim is not null && await FindRowAsync(claim, ct) is { } made)
            {
                return await FindAsync(subject.Subject, made.GetInt64("number")!.Value, ct);
            }
            // The subject's row first: if the comment's changes meanwhile, so does it, and the commit loses.
            var home = await FindRowAsync(CommentKeys.Subject(subject.Subject), ct);
            var before = number is { } one ? await FindRowAsync(CommentKeys.Comment(subject.Subject, one), ct) : null;
            if (number is { } absent && before is null)
            {
                return new Failure.NotFound(Kind, Text(absent));
            }
            var change = new CommentChange(subject, home, before, by, DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()));
            if (prepare(change) is { } refused)
            {
                return refused;
            }
            if (change.After is null || await TryCommitAsync(change))
            {
                return change.After ?? change.Before!;
            }
            if (!await BackOff.WaitAsync(time, started, attempt, ct))
            {
                return new Failure.Busy(Kind, subject.Subject.Name, TimeSpan.FromSeconds(2));
            }
        }
    }

    private async Task<bool> TryCommitAsync(CommentChange change)
    {
        var write = WriteId.New();
        try
        {
            await change.ToTransaction(Table, write).CommitAsync(CancellationToken.None);
            return true;
        }
        catch (Exception unsure) when (unsure is RequestFailedException { Status: 404 or 409 or 412 } || Outage.IsAmbiguous(unsure))
        {
            // The entry tells whether the change took effect after all; an outage that lasts fails this read, and so the caller.
            return (await FindRowAsync(change.EntryKey, CancellationToken.None))?.GetString(WriteId.Property) == write;
        }
    }

    private static Failure? Put(CommentChange change, Comment comment, string action)
    {
        change.Put(comment, action);
        return null;
    }

    private static Failure.Invalid? Refuse(ImmutableArray<string> mentions) =>
        mentions.Length > HighestMentions ? new Failure.Invalid("text", $"A comment mentions up to {HighestMentions} people, not {mentions.Length}.") : null;

    private async Task<TableEntity?> FindRowAsync(string rowKey, CancellationToken ct)
    {
        var row = await Table.GetEntityIfExistsAsync<TableEntity>(CommentKeys.Partition, rowKey, cancellationToken: ct);
        return row.HasValue ? row.Value : null;
    }

    private AsyncPageable<TableEntity> QueryAsync((string From, string Below) range, int size, CancellationToken ct) => Table.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {CommentKeys.Partition} and RowKey gt {range.From} and RowKey lt {range.Below}"), Math.Min(1000, size + 1), cancellationToken: ct);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
