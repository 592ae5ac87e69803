using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Audit;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Comments;

/// <summary>
/// What was said of an object and done to it, the newest first: its comments and its chain of audit entries, merged by time. Each has its order and its numbers, so a place in the feed is a number in
/// either. A version has no chain of its own: its feed has those of its model's entries that concern it, of a thousand that it looks at for a page.
/// </summary>
internal sealed class FeedReader(CommentStore comments, AuditReader audit)
{
    private const int LookedAt = 1000;

    public async Task<Result<Paged<FeedItem>>> ListAsync(FoundSubject subject, int size, string? pageToken, CancellationToken ct)
    {
        var query = $"feed of {subject.Subject.Name}";
        var token = PageToken.Read(query, pageToken);
        if (!token.IsOk || FeedPlace.Read(token.Value) is not { } place)
        {
            return token.Failure ?? new Failure.Invalid("page_token", "Invalid page token, it names no place in the feed");
        }
        var changes = await ReadChangesAsync(subject, size, place.Entry, ct);
        if (!changes.IsOk)
        {
            return changes.Failure;
        }
        var (entries, next) = changes.Value;
        var said = await comments.ListBackAsync(subject.Subject, size, place.Comment, ct);
        // Behind the last entry looked at there may be others that are newer than the comments left.
        var horizon = next is null ? DateTimeOffset.MinValue : entries[^1].At;
        var concerned = subject.Subject is CommentSubject.OfVersion version ? [.. entries.Where(entry => Concerns(entry, version))] : entries;
        var items = ImmutableArray.CreateBuilder<FeedItem>();
        var (change, comment) = (0, 0);
        while (items.Count < size)
        {
            var done = change < concerned.Length ? concerned[change] : null;
            var heard = comment < said.Length && said[comment].CreatedAt >= horizon ? said[comment] : null;
            if (done is null && heard is null)
            {
                break;
            }
            if (heard is null || (done is not null && done.At >= heard.CreatedAt))
            {
                items.Add(new FeedItem(done!.At, null, done));
                change++;
            }
            else
            {
                items.Add(new FeedItem(heard.CreatedAt, heard, null));
                comment++;
            }
        }
        var following = new FeedPlace(
            change < concerned.Length ? concerned[change].N + 1 : next ?? 1,
            comment < said.Length ? said[comment].Number + 1 : said.Length > 0 ? said[^1].Number : 1);
        return new Paged<FeedItem>(items.ToImmutable(), following is { Entry: 1, Comment: 1 } ? null : PageToken.Write(query, following.Write()));
    }

    // The entries below a number, and the number to go on below; null: these are all.
    private async Task<Result<(ImmutableArray<AuditEntryView> Entries, long? Next)>> ReadChangesAsync(FoundSubject subject, int size, long? below, CancellationToken ct)
    {
        if (below == 1)
        {
            return (ImmutableArray<AuditEntryView>.Empty, (long?)null);
        }
        // A model is found by its name, for another may have its number as a name.
        var query = new AuditQuery { Object = subject.Subject.ModelNumber is null ? subject.Subject.Name : $"model:{subject.Title}" };
        var page = await audit.ListAsync(
            query, subject.Subject is CommentSubject.OfVersion ? LookedAt : size, below is { } number ? PageToken.Write(query.Fingerprint, number.ToString(CultureInfo.InvariantCulture)) : null, ct);
        return page.IsOk ? (page.Value.Items, page.Value.Next is null || page.Value.Items.IsEmpty ? null : page.Value.Items[^1].N)
            : page.Failure is Failure.NotFound ? (ImmutableArray<AuditEntryView>.Empty, null)
            : page.Failure;
    }

    private static bool Concerns(AuditEntryView entry, CommentSubject.OfVersion version)
    {
        var (number, part) = (version.Version.ToString(CultureInfo.InvariantCulture), ModelKeys.OfVersion(version.Model, version.Version));
        return entry.Rows.Any(row => row.Row.Length >= 2 + part.Length && row.Row.AsSpan(2).StartsWith(part, StringComparison.Ordinal))
            || entry.Details.Any(detail => detail.Key == "version" ? detail.Value == number
                : (detail.Key.StartsWith("alias ", StringComparison.Ordinal) || detail.Key.StartsWith("stage ", StringComparison.Ordinal)) && detail.Value.Split(' ', ',').Contains(number, StringComparer.Ordinal));
    }
}
