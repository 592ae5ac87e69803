using System.Globalization;

namespace ServerlessMeta.Comments;

/// <summary>
/// A mention as it is answered: <c>subject</c> is the path of what was commented on, as in <c>/api/v1/{subject}/comments</c>; <c>comment</c> the id of the comment there, <c>excerpt</c> how it begins.
/// </summary>
public sealed record MentionView(string Name, DateTimeOffset At, string Subject, long Comment, string Author, string Excerpt)
{
    internal static MentionView From(FoundMention found) => new(found.Name, found.At, PathOf(found), found.Number, found.Author, found.Excerpt);

    private static string PathOf(FoundMention found) => found.Subject switch
    {
        CommentSubject.OfExperiment experiment => $"experiments/{experiment.Id}",
        CommentSubject.OfRun run => $"runs/{run.Id}",
        CommentSubject.OfVersion version => string.Create(CultureInfo.InvariantCulture, $"models/{Uri.EscapeDataString(found.Model ?? "")}/versions/{version.Version}"),
        _ => $"models/{Uri.EscapeDataString(found.Model ?? "")}",
    };
}
