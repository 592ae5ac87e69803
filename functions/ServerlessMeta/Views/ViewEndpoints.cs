using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Views;

/// <summary><c>/api/v1/experiments/{experimentId}/views</c></summary>
internal sealed class ViewEndpoints(RunGrammar grammar)
{
    private const string Root = "/api/v1/experiments/{experimentId}/views";
    private const string One = Root + "/{view}";
    private const int BodyBytes = 128 * 1024;
    private const string Problem = "application/problem+json";

    public void Map(IEndpointRouteBuilder routes)
    {
        var views = routes.MapGroup("").WithTags("views");
        views.MapGet(Root, ListAsync)
            .WithSummary("The saved views of an experiment's runs, by name: the caller's own, and those that are shared. all=true: everybody's, for administrators.")
            .Produces<SavedViewList>().ProducesProblem(400, Problem).ProducesProblem(403, Problem).ProducesProblem(404, Problem);
        views.MapGet(One, FindAsync).WithSummary("A saved view, with an ETag. Somebody else's that is not shared is not there.").Produces<SavedViewView>().ProducesProblem(404, Problem);
        views.MapPut(One, PutAsync)
            .WithSummary("Save a view, whole, under an id of the caller's choice: name, description, query (as the page's address says it), shared. Its owner, who saved it first, and administrators change it. With If-Match only over the revision that has that ETag, with If-None-Match: * only when there is none (412 otherwise). The same again is no change.")
            .Accepts<SaveView>("application/json").Produces<SavedViewView>().Produces<SavedViewView>(201)
            .ProducesProblem(400, Problem).ProducesProblem(403, Problem).ProducesProblem(404, Problem).ProducesProblem(409, Problem).ProducesProblem(412, Problem);
        views.MapDelete(One, DeleteAsync)
            .WithSummary("Delete a view, as its owner or an administrator. If-Match is optional.").Produces(204).ProducesProblem(403, Problem).ProducesProblem(404, Problem).ProducesProblem(412, Problem);
    }

    private static async Task<IResult> ListAsync(string experimentId, ExperimentStore experiments, ViewStore store, CancellationToken ct, string? all = null)
    {
        if (all is not (null or "" or "true" or "false"))
        {
            return Problems.From(new Failure.Invalid("all", "true or false is expected."));
        }
        if (all == "true" && Caller.Current.Role < Role.Admin)
        {
            return Problems.From(new Failure.Forbidden("Administrators alone list everybody's views."));
        }
        var experiment = await ExperimentAsync(experimentId, experiments, ct);
        return experiment.IsOk
            ? TypedResults.Json(new SavedViewList([.. (await store.ListAsync(experiment.Value, all == "true", ct)).Select(SavedViewView.From)]), ViewsJson.Relaxed.SavedViewList)
            : Problems.From(experiment.Failure);
    }

    private static async Task<IResult> FindAsync(string experimentId, string view, HttpContext context, ExperimentStore experiments, ViewStore store, CancellationToken ct)
    {
        var experiment = await ExperimentAsync(experimentId, experiments, ct);
        return !experiment.IsOk ? Problems.From(experiment.Failure)
            : ViewId.TryParse(view, CultureInfo.InvariantCulture, out var id) && await store.FindAsync(experiment.Value, id, ct) is { } found ? Answer(context, found, StatusCodes.Status200OK)
            : Problems.From(Missing(view));
    }

    private async Task<IResult> PutAsync(string experimentId, string view, HttpContext context, ExperimentStore experiments, ViewStore store, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context.Request, ViewsJson.Default.JsonElement, BodyBytes, ct);
        if (!body.IsOk)
        {
            return Problems.From(body.Failure);
        }
        var experiment = await ExperimentAsync(experimentId, experiments, ct);
        if (!experiment.IsOk)
        {
            return Problems.From(experiment.Failure);
        }
        var (content, faults) = ViewBody.Read(body.Value, experiment.Value, grammar.Fields);
        if (!ViewId.TryParse(view, CultureInfo.InvariantCulture, out var id))
        {
            faults = faults.Add(new Failure.Invalid("view", ViewId.Rule));
        }
        if (!ExpectedRevision.TryRead<long>(context.Request, out var expected))
        {
            faults = faults.Add(NoTag);
        }
        if (content is null || faults.Length > 0)
        {
            return Problems.From(faults);
        }
        var saved = await store.PutAsync(experiment.Value, id, content, expected, ct);
        return saved.IsOk ? Answer(context, saved.Value.View, saved.Value.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK) : Problems.From(saved.Failure);
    }

    private static async Task<IResult> DeleteAsync(string experimentId, string view, HttpContext context, ExperimentStore experiments, ViewStore store, CancellationToken ct)
    {
        if (!ExpectedRevision.TryRead<long>(context.Request, out var expected))
        {
            return Problems.From(NoTag);
        }
        var experiment = await ExperimentAsync(experimentId, experiments, ct);
        if (!experiment.IsOk)
        {
            return Problems.From(experiment.Failure);
        }
        var gone = ViewId.TryParse(view, CultureInfo.InvariantCulture, out var id) ? await store.DeleteAsync(experiment.Value, id, expected, ct) : Missing(view);
        return gone.IsOk ? TypedResults.NoContent() : Problems.From(gone.Failure);
    }

    // A deleted experiment is there, for it can come back.
    private static async Task<Result<ExperimentId>> ExperimentAsync(string text, ExperimentStore experiments, CancellationToken ct) =>
        ExperimentId.TryParse(text, CultureInfo.InvariantCulture, out var id) && await experiments.FindAsync(id, ct) is not null ? id : new Failure.NotFound("Experiment", Short(text));

    private static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<SavedViewView> Answer(HttpContext context, SavedView view, int status)
    {
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{view.Revision}\"");
        return TypedResults.Json(SavedViewView.From(view), ViewsJson.Relaxed.SavedViewView, statusCode: status);
    }

    private static Failure.Invalid NoTag => new("If-Match", "The ETag of a view is expected, as in \"3\".");

    private static Failure.NotFound Missing(string view) => new(ViewStore.Kind, Short(view));

    private static string Short(string text) => text.Length <= 64 ? text : text[..64] + "...";
}
