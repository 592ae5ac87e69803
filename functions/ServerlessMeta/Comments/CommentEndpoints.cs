using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Comments;

/// <summary>Comments on experiments, runs, models and versions, each under its subject's own path; and where one is mentioned.</summary>
internal static class CommentEndpoints
{
    // A letter of the text may be sent as six characters.
    private const int BodyBytes = (6 * Comment.TextBytes) + 1024;
    private const int KeyLength = 255;
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var comments = routes.MapGroup("").WithTags("comments");
        MapSubject<ExperimentPath>(comments);
        MapSubject<RunPath>(comments);
        MapSubject<ModelPath>(comments);
        MapSubject<VersionPath>(comments);
        comments.MapGet("/api/v1/mentions", ListMentionsAsync)
            .WithSummary("Where someone is mentioned, the newest first: of (a name, or me), pageSize, pageToken.").Produces<MentionPage>().ProducesProblem(400, Problem);
    }

    private static void MapSubject<TPath>(RouteGroupBuilder comments)
        where TPath : struct, ISubjectPath
    {
        var (all, one) = (TPath.Route + "/comments", TPath.Route + "/comments/{id}");
        comments.MapPost(all, AddAsync<TPath>)
            .WithSummary($"Comment on {TPath.Words}: text (Markdown, up to 16 KiB, @name mentions), replyTo. A repeated Idempotency-Key answers the comment that was made.")
            .Accepts<WriteComment>("application/json").Produces<CommentView>(201).ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        comments.MapGet(all, ListAsync<TPath>)
            .WithSummary($"The comments on {TPath.Words}, the oldest first: pageSize, pageToken.").Produces<CommentPage>().ProducesProblem(404, Problem);
        comments.MapGet(TPath.Route + "/feed", ReadFeedAsync<TPath>)
            .WithSummary($"What was said of {TPath.Words} and done to it, the newest first: comments and audit entries, pageSize, pageToken. A page may have few items, or none, and a token.")
            .Produces<FeedPage>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        comments.MapGet(one, FindAsync<TPath>).WithSummary($"A comment on {TPath.Words}, with an ETag.").Produces<CommentView>().ProducesProblem(404, Problem);
        comments.MapPatch(one, EditAsync<TPath>)
            .WithSummary($"Give an own comment on {TPath.Words} another text; If-Match is optional.").Accepts<EditComment>("application/json").Produces<CommentView>()
            .ProducesProblem(400, Problem).ProducesProblem(403, Problem).ProducesProblem(404, Problem).ProducesProblem(409, Problem).ProducesProblem(412, Problem);
        comments.MapDelete(one, DeleteAsync<TPath>)
            .WithSummary($"Delete an own comment on {TPath.Words}, or anybody's as an administrator; a marker stays. If-Match is optional. It may be repeated.")
            .Produces<CommentView>().ProducesProblem(403, Problem).ProducesProblem(404, Problem).ProducesProblem(412, Problem);
    }

    private static async Task<IResult> AddAsync<TPath>([AsParameters] TPath path, HttpContext context, CommentStore store, CancellationToken ct)
        where TPath : struct, ISubjectPath
    {
        var members = await ReadAsync(context.Request, ["text", "replyTo"], ct);
        if (!members.IsOk)
        {
            return Problems.From(members.Failure);
        }
        var text = TextOf(members.Value);
        var replyTo = members.Value.Whole("replyTo", 1, CommentKeys.MaxNumber);
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > KeyLength)
        {
            members.Value.Refuse("Idempotency-Key", $"A key has up to {KeyLength} characters.");
        }
        if (members.Value.Faults.Count > 0)
        {
            return Problems.From(members.Value.Faults);
        }
        var subject = await path.FindAsync(1, ct);
        if (!subject.IsOk)
        {
            return Problems.From(subject.Failure);
        }
        var added = await store.AddAsync(subject.Value, text!, replyTo, key.Length == 0 ? null : key, ct);
        if (added.IsOk)
        {
            context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{context.Request.Path.ToUriComponent()}/{added.Value.Number}");
        }
        return Answer(added, context, StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync<TPath>([AsParameters] TPath path, CommentStore store, CancellationToken ct, string? pageSize = null, string? pageToken = null)
        where TPath : struct, ISubjectPath
    {
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults);
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var subject = await path.FindAsync(1, ct);
        if (!subject.IsOk)
        {
            return Problems.From(subject.Failure);
        }
        var page = await store.ListAsync(subject.Value.Subject, size, pageToken, ct);
        return page.IsOk ? TypedResults.Json(new CommentPage([.. page.Value.Items.Select(CommentView.From)], page.Value.Next), CommentsJson.Default.CommentPage) : Problems.From(page.Failure);
    }

    private static async Task<IResult> ReadFeedAsync<TPath>([AsParameters] TPath path, FeedReader feed, CancellationToken ct, string? pageSize = null, string? pageToken = null)
        where TPath : struct, ISubjectPath
    {
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults);
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var subject = await path.FindAsync(1, ct);
        if (!subject.IsOk)
        {
            return Problems.From(subject.Failure);
        }
        var page = await feed.ListAsync(subject.Value, size, pageToken, ct);
        return page.IsOk ? TypedResults.Json(new FeedPage([.. page.Value.Items.Select(FeedItemView.From)], page.Value.Next), CommentsJson.Default.FeedPage) : Problems.From(page.Failure);
    }

    private static async Task<IResult> FindAsync<TPath>([AsParameters] TPath path, string id, HttpContext context, CommentStore store, CancellationToken ct)
        where TPath : struct, ISubjectPath
    {
        var subject = await path.FindAsync(2, ct);
        return subject.Failure is { } absent ? Problems.From(absent)
            : NumberOf(id) is not { } number ? Problems.From(NoComment(id))
            : Answer(await store.FindAsync(subject.Value.Subject, number, ct), context);
    }

    private static async Task<IResult> EditAsync<TPath>([AsParameters] TPath path, string id, HttpContext context, CommentStore store, CancellationToken ct)
        where TPath : struct, ISubjectPath
    {
        var members = await ReadAsync(context.Request, ["text"], ct);
        if (!members.IsOk)
        {
            return Problems.From(members.Failure);
        }
        var text = TextOf(members.Value);
        if (members.Value.Faults.Count > 0)
        {
            return Problems.From(members.Value.Faults);
        }
        var subject = await path.FindAsync(2, ct);
        return subject.Failure is { } absent ? Problems.From(absent)
            : NumberOf(id) is not { } number ? Problems.From(NoComment(id))
            : Answer(await store.EditAsync(subject.Value, number, text!, RevisionOf(context.Request, number), ct), context);
    }

    private static async Task<IResult> DeleteAsync<TPath>([AsParameters] TPath path, string id, HttpContext context, CommentStore store, CancellationToken ct)
        where TPath : struct, ISubjectPath
    {
        var subject = await path.FindAsync(2, ct);
        return subject.Failure is { } absent ? Problems.From(absent)
            : NumberOf(id) is not { } number ? Problems.From(NoComment(id))
            : Answer(await store.DeleteAsync(subject.Value, number, RevisionOf(context.Request, number), ct), context);
    }

    private static async Task<IResult> ListMentionsAsync(CommentStore store, CommentSubjects subjects, CancellationToken ct, string? of = null, string? pageSize = null, string? pageToken = null)
    {
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults);
        var name = string.IsNullOrEmpty(of) || of == "me" ? Caller.Current.Name : CallerName.Read(of);
        if (name is null)
        {
            faults.Add(new Failure.Invalid("of", CallerName.Rule));
        }
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var page = await store.ListMentionsAsync(name!, size, pageToken, ct);
        return page.IsOk
            ? TypedResults.Json(new MentionPage([.. (await subjects.NameModelsAsync(page.Value.Items, ct)).Select(MentionView.From)], page.Value.Next), CommentsJson.Default.MentionPage)
            : Problems.From(page.Failure);
    }

    private static async Task<Result<JsonMembers>> ReadAsync(HttpRequest request, string[] fields, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(request, CommentsJson.Default.JsonElement, BodyBytes, ct);
        return body.IsOk ? new JsonMembers(body.Value, fields) : body.Failure;
    }

    private static string? TextOf(JsonMembers members)
    {
        var text = members.Required("text", int.MaxValue);
        if (text is not null && (string.IsNullOrWhiteSpace(text) || Encoding.UTF8.GetByteCount(text) > Comment.TextBytes))
        {
            members.Refuse("text", $"A comment has a text, of up to {Comment.TextBytes} bytes.");
        }
        else if (text is not null && text.Any(static letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')))
        {
            members.Refuse("text", "A text has no control characters but line ends and tabs.");
        }
        return text;
    }

    private static IResult Answer(Result<Comment> comment, HttpContext context, int status = StatusCodes.Status200OK)
    {
        if (!comment.IsOk)
        {
            return Problems.From(comment.Failure);
        }
        context.Response.Headers.ETag = TagOf(comment.Value.Number, comment.Value.Revision).ToString();
        return TypedResults.Json(CommentView.From(comment.Value), CommentsJson.Default.CommentView, statusCode: status);
    }

    // The revision that If-Match asks for; null: whichever. A tag that is none of the comment's matches no revision.
    private static long? RevisionOf(HttpRequest request, long number)
    {
        var given = request.Headers.IfMatch;
        if (given.Count == 0 || !EntityTagHeaderValue.TryParseList(given, out var tags))
        {
            return given.Count == 0 ? null : 0;
        }
        var prefix = string.Create(CultureInfo.InvariantCulture, $"\"{number}.");
        return tags.Any(static tag => tag.Equals(EntityTagHeaderValue.Any)) ? null
            : tags.Where(tag => !tag.IsWeak && tag.Tag.Value!.StartsWith(prefix, StringComparison.Ordinal))
                .Select(tag => long.TryParse(tag.Tag.AsSpan(prefix.Length, tag.Tag.Length - prefix.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0).LastOrDefault();
    }

    private static EntityTagHeaderValue TagOf(long number, long revision) => new(string.Create(CultureInfo.InvariantCulture, $"\"{number}.{revision}\""));

    private static long? NumberOf(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= CommentKeys.MaxNumber ? number : null;

    private static Failure.NotFound NoComment(string id) => new(CommentStore.Kind, id.Length <= 60 ? id : id[..60] + "...");
}
