using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>
/// Which version holds an alias or a stage, now or at a moment, and how it gets another holder. Of two callers who expect the same holder (<c>expected</c>) or the same
/// state (<c>If-Match</c>) one moves it, and the other is told so with 412.
/// </summary>
public static class ModelMoveEndpoints
{
    // A stage may have many versions.
    private const int MostOfStage = 100;
    private const string Alias = ModelEndpoints.Root + "/{name}/aliases/{alias}";
    private const string Stage = ModelEndpoints.Root + "/{name}/stages/{stage}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("").WithTags("models");
        models.MapGet(Alias, FindByAliasAsync)
            .WithSummary("The version that has an alias: asOf.").Produces<VersionView>().Produces(304).ProducesProblem(400, ModelEndpoints.Problem).ProducesProblem(404, ModelEndpoints.Problem);
        Refusable(models.MapPut(Alias, SetAliasAsync).WithSummary("Give an alias to a version: version, expected (the version that has it, or null for none), override (why, whatever a policy says). Answers the version."));
        Refusable(models.MapDelete(Alias, DeleteAliasAsync).WithSummary("Take an alias away: override in the query. One that nobody has is no fault."));
        models.MapGet(Stage, FindByStageAsync)
            .WithSummary("The versions that are in a stage, the newest hundred first: asOf.").Produces<ModelVersionPage>().ProducesProblem(400, ModelEndpoints.Problem).ProducesProblem(404, ModelEndpoints.Problem);
        Refusable(models.MapPut(Stage, SetStageAsync).WithSummary("Move a version to a stage: version, archiveExisting (false), override (why, whatever a policy says). Answers the version."));
    }

    private static void Refusable(RouteHandlerBuilder move) => move.Produces<VersionView>()
        .ProducesProblem(400, ModelEndpoints.Problem).ProducesProblem(403, ModelEndpoints.Problem).ProducesProblem(404, ModelEndpoints.Problem).ProducesProblem(409, ModelEndpoints.Problem).ProducesProblem(412, ModelEndpoints.Problem);

    private static async Task<IResult> FindByAliasAsync(HttpContext context, ModelHistory history, ModelTags tags, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var (alias, asOf) = (request.Segment("alias", 0), request.AsOf());
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var model = await history.FindAsync(request.Segment("name", 2), asOf, ct);
        return !model.IsOk ? Problems.From(model.Failure)
            : model.Value.Aliases.TryGetValue(alias, out var number) ? await ModelEndpoints.AnswerAsync(context, await history.FindVersionAsync(model.Value, number, asOf, ct), asOf, tags, ct)
            : Problems.From(new Failure.NotFound(ModelAliasStore.Kind, alias));
    }

    private static async Task<IResult> SetAliasAsync(HttpContext context, ModelAliasStore store, ModelHistory history, ModelTags tags, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var alias = request.Segment("alias", 0);
        if (ModelAliasStore.Refuse(alias) is { } refused)
        {
            request.Faults.Add(refused);
        }
        var (number, terms) = await request.BodyAsync(["version", "expected", "override"], ct) is { } body ? (request.VersionIn(body), request.Terms(body)) : (0, MoveTerms.None);
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var model = await history.FindAsync(request.Segment("name", 2), null, ct);
        if (!model.IsOk)
        {
            return Problems.From(model.Failure);
        }
        var moved = await store.SetAsync(model.Value.Name, alias, number, terms with { Model = request.Expected(model.Value) }, ct);
        return moved.IsOk ? await ModelEndpoints.AnswerAsync(context, await history.FindVersionAsync(moved.Value, number, null, ct), null, tags, ct) : Problems.From(moved.Failure);
    }

    private static async Task<IResult> DeleteAliasAsync(HttpContext context, ModelAliasStore store, ModelHistory history, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var reason = context.Request.Query["override"].ToString();
        if (reason.Length > 2000)
        {
            request.Faults.Add(new Failure.Invalid("override", "A text of up to 2000 characters is expected."));
            return Problems.From(request.Faults);
        }
        var model = await history.FindAsync(request.Segment("name", 2), null, ct);
        if (!model.IsOk)
        {
            return Problems.From(model.Failure);
        }
        var moved = await store.DeleteAsync(model.Value.Name, request.Segment("alias", 0), new MoveTerms { Model = request.Expected(model.Value), Override = reason.Length == 0 ? null : reason }, ct);
        return moved.IsOk ? TypedResults.NoContent() : Problems.From(moved.Failure);
    }

    private static async Task<IResult> FindByStageAsync(HttpContext context, ModelHistory history, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var (stage, asOf) = (request.Stage(request.Segment("stage", 0)), request.AsOf());
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var model = await history.FindAsync(request.Segment("name", 2), asOf, ct);
        if (!model.IsOk)
        {
            return Problems.From(model.Failure);
        }
        var numbers = Enumerable.Range(0, model.Value.LastVersion).Select(place => model.Value.LastVersion - place).Where(number => model.Value.Has(number) && model.Value.StageOf(number) == stage).Take(MostOfStage);
        var versions = await Task.WhenAll(numbers.Select(number => history.FindVersionAsync(model.Value, number, asOf, ct)));
        return TypedResults.Json(new ModelVersionPage([.. versions.Where(static version => version.IsOk).Select(version => VersionView.Of(version.Value, version.Value.Version.Tags, asOf))]), ModelsJson.Relaxed.ModelVersionPage);
    }

    private static async Task<IResult> SetStageAsync(HttpContext context, ModelAliasStore store, ModelHistory history, ModelTags tags, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var stage = request.Stage(request.Segment("stage", 0));
        var (number, archive, terms) = await request.BodyAsync(["version", "archiveExisting", "override"], ct) is { } body ? (request.VersionIn(body), request.Flag(body, "archiveExisting"), request.Terms(body)) : (0, false, MoveTerms.None);
        if (archive && stage is ModelStage.None or ModelStage.Archived)
        {
            request.Faults.Add(new Failure.Invalid("archiveExisting", $"What is in '{stage}' already is not archived."));
        }
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var model = await history.FindAsync(request.Segment("name", 2), null, ct);
        return model.IsOk ? await ModelEndpoints.AnswerAsync(context, await store.TransitionAsync(model.Value.Name, number, stage, archive, terms with { Model = request.Expected(model.Value) }, ct), null, tags, ct) : Problems.From(model.Failure);
    }
}
