using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Comments;
using ServerlessMeta.Models;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Models;

/// <summary>A version's page.</summary>
internal static class VersionPages
{
    private const int ItemsShown = 50;

    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/models/{name}/versions/{version}", FindAsync);

    private static async Task<IResult> FindAsync(
        string name, string version, HttpContext context, ModelHistory history, ModelTags tags, VersionBriefs briefs, VersionReader reader, WatchReader watch, FeedReader feeds, UiWords words,
        string? tab, string? metric, string? page, CancellationToken ct)
    {
        var asOf = AsOf.Of(context.Request);
        var named = asOf.Fault is { } fault ? fault : await ModelRoute.FindVersionAsync(history, RouteSegment.Decode(context, name, 2), version, asOf.At, ct);
        if (!named.IsOk)
        {
            return Page.Fault(named.Failure);
        }
        var (model, number) = named.Value;
        var watching = asOf.At is null ? briefs.DriftAsync(model, number, ct) : Task.FromResult<VersionDrift?>(null);
        var found = await history.FindVersionAsync(model, number, asOf.At, ct);
        if (!found.IsOk)
        {
            return Page.Fault(found.Failure);
        }
        var role = Caller.Current.Role;
        var shown = new VersionModel
        {
            Version = found.Value,
            Tags = await (asOf.At is null ? tags.AllAsync(found.Value.Version, ct) : tags.AllOfPastAsync(found.Value.Version, ct)),
            AsOf = asOf.At,
            Tab = tab ?? "",
            Tag = ModelRequests.TagOf(model).ToString(),
            HiddenTags = words.HiddenTags,
            Drift = await watching,
            CanWrite = asOf.At is null && role >= Role.Writer,
            Reader = Caller.Current.Name,
            CanApprove = asOf.At is null && role >= Role.Approver,
            IsAdmin = asOf.At is null && role >= Role.Admin,
        };
        switch (tab)
        {
            case "evaluations":
                return Page.Show<VersionPage>(shown with { Evaluations = await reader.EvaluationsAsync(model, number, metric, asOf.At, ct) });
            case "card" when asOf.At is null:
                var card = await reader.CardAsync(model, number, ct);
                return card.IsOk ? Page.Show<VersionPage>(shown with { Card = card.Value }) : Page.Fault(card.Failure);
            case "monitoring" when asOf.At is null:
                return Page.Show<VersionPage>(shown with { Watch = await watch.ReadAsync(model, number, ct) });
            case "history":
                var feed = await feeds.ListAsync(new FoundSubject(new CommentSubject.OfVersion(model.Number, number), model.Name), ItemsShown, page, ct);
                return feed.IsOk
                    ? Page.Show<VersionPage>(shown with { Feed = ModelPages.Feed(feed.Value, ModelLinks.Version(model, number), ModelLinks.Api(model, number), model, shown.CanWrite, shown.IsAdmin) })
                    : Page.Fault(feed.Failure);
            default:
                return Page.Show<VersionPage>(shown with { Tab = "", Overview = await reader.OverviewAsync(model, number, asOf.At, ct) });
        }
    }
}
