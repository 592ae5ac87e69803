using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Models;

/// <summary>
/// Models and versions in the native API, also as they were at a moment (<c>asOf</c>). A model is named by the name that it has now, or as <c>number:{n}</c>, which it keeps
/// when it is renamed or deleted. <see cref="ModelMoveEndpoints"/> has aliases and stages.
/// </summary>
public static class ModelEndpoints
{
    internal const string Root = "/api/v1/models";
    internal const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("").WithTags("models");
        models.MapGet(Root, ListAsync)
            .WithSummary("Models: filter, orderBy, pageSize, pageToken, asOf. With asOf those that there were then, in the order of their numbers; a page looks at pageSize models, so with a filter it may have fewer.")
            .Produces<ModelPage>().ProducesProblem(400, Problem);
        models.MapGet(Root + "/{name}", FindAsync)
            .WithSummary("A model with its aliases and stages: asOf. With an ETag of its revision.").Produces<ModelView>().Produces(304).ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        models.MapPatch(Root + "/{name}", UpdateAsync)
            .WithSummary("Change what is said of a model: description, owner (null removes). With If-Match only when nothing changed since.")
            .Produces<ModelView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem).ProducesProblem(412, Problem);
        models.MapGet(Root + "/{name}/versions", ListVersionsAsync)
            .WithSummary("The versions of a model, the newest first: pageSize, pageToken, asOf.").Produces<ModelVersionPage>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        models.MapGet(Root + "/{name}/versions/{version}", FindVersionAsync)
            .WithSummary("A version, and in brief what watching it says: asOf. With an ETag of the model's revision, and of the latest result.").Produces<VersionView>().Produces(304).ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        models.MapPatch(Root + "/{name}/versions/{version}", UpdateVersionAsync)
            .WithSummary("Change what is said of a version: description, owner (null removes). With If-Match only when nothing changed since.")
            .Produces<VersionView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem).ProducesProblem(412, Problem);
        models.MapGet(Root + "/{name}/versions/{version}/origin", FindOriginAsync)
            .WithSummary("What a version was made from, as it was found when it was registered: run, logged model, code, datasets with hashes, environment, params, metrics. Also of a deleted version.")
            .Produces<ModelOrigin>().ProducesProblem(404, Problem);
    }

    internal static async Task<IResult> AnswerAsync(HttpContext context, Result<RegisteredModel> found, DateTimeOffset? asOf, ModelTags tags, CancellationToken ct)
    {
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        return asOf is null && IsKnown(context, found.Value) ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Json(
                ModelView.Of(found.Value, await (asOf is null ? tags.AllAsync(found.Value, ct) : tags.AllOfPastAsync(found.Value, ct)), asOf), ModelsJson.Relaxed.ModelView);
    }

    internal static async Task<IResult> AnswerAsync(HttpContext context, Result<RegisteredVersion> found, DateTimeOffset? asOf, ModelTags tags, CancellationToken ct, VersionDrift? drift = null)
    {
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        return asOf is null && IsKnown(context, found.Value.Model, drift) ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Json(
                VersionView.Of(found.Value, await (asOf is null ? tags.AllAsync(found.Value.Version, ct) : tags.AllOfPastAsync(found.Value.Version, ct)), asOf) with { Drift = drift }, ModelsJson.Relaxed.VersionView);
    }

    private static async Task<IResult> ListAsync(HttpContext context, RegistrySearch search, ModelHistory history, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var (size, asOf) = (request.Size(), request.AsOf());
        var order = context.Request.Query["orderBy"].OfType<string>().ToList();
        var query = RecordQuery.Parse(context.Request.Query["filter"].ToString(), order, RegistryNativeSchema.Models);
        if (query.Failure is { } wrong)
        {
            request.Faults.Add(wrong as Failure.Invalid ?? new Failure.Invalid("filter", wrong.Detail));
        }
        if (asOf is not null && order.Count > 0)
        {
            request.Faults.Add(new Failure.Invalid("orderBy", "With asOf the order is that of the models' numbers."));
        }
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var token = context.Request.Query["pageToken"].ToString();
        if (asOf is { } moment)
        {
            var then = await history.ListAsync(moment, query.Value, size, token, ct);
            return then.IsOk ? TypedResults.Json(new ModelPage([.. then.Value.Items.Select(model => ModelView.Of(model, model.Tags, asOf))], then.Value.Next), ModelsJson.Relaxed.ModelPage) : Problems.From(then.Failure);
        }
        var found = await search.SearchModelsAsync(query.Value, size, token, ct);
        return found.IsOk ? TypedResults.Json(new ModelPage([.. found.Value.Items.Select(static model => ModelView.Of(model.Model, model.Model.Tags, null))], found.Value.Next), ModelsJson.Relaxed.ModelPage) : Problems.From(found.Failure);
    }

    private static async Task<IResult> FindAsync(HttpContext context, ModelHistory history, ModelTags tags, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var asOf = request.AsOf();
        return request.Faults.Count > 0 ? Problems.From(request.Faults) : await AnswerAsync(context, await history.FindAsync(request.Segment("name", 0), asOf, ct), asOf, tags, ct);
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, ModelStore store, ModelHistory history, ModelTags tags, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var (description, owner) = await SayingAsync(request, ct);
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var model = await history.FindAsync(request.Segment("name", 0), null, ct);
        return model.IsOk ? await AnswerAsync(context, await store.UpdateAsync(model.Value.Name, description, owner, request.Expected(model.Value), ct), null, tags, ct) : Problems.From(model.Failure);
    }

    private static async Task<IResult> ListVersionsAsync(HttpContext context, ModelHistory history, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var (size, asOf) = (request.Size(), request.AsOf());
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var model = await history.FindAsync(request.Segment("name", 1), asOf, ct);
        if (!model.IsOk)
        {
            return Problems.From(model.Failure);
        }
        var found = await history.ListVersionsAsync(model.Value, asOf, size, context.Request.Query["pageToken"].ToString(), ct);
        return found.IsOk ? TypedResults.Json(new ModelVersionPage([.. found.Value.Items.Select(version => VersionView.Of(version, version.Version.Tags, asOf))], found.Value.Next), ModelsJson.Relaxed.ModelVersionPage)
            : Problems.From(found.Failure);
    }

    private static async Task<IResult> FindVersionAsync(HttpContext context, ModelHistory history, ModelTags tags, IEnumerable<DriftOfVersion> watches, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var (number, asOf) = (request.Version(0), request.AsOf());
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var model = await history.FindAsync(request.Segment("name", 2), asOf, ct);
        if (!model.IsOk)
        {
            return Problems.From(model.Failure);
        }
        VersionDrift? drift = null;
        foreach (var watch in asOf is null ? watches : [])
        {
            drift ??= await watch(model.Value, number, ct);
        }
        return await AnswerAsync(context, await history.FindVersionAsync(model.Value, number, asOf, ct), asOf, tags, ct, drift);
    }

    private static async Task<IResult> UpdateVersionAsync(HttpContext context, ModelVersionStore store, ModelHistory history, ModelTags tags, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var number = request.Version(0);
        var (description, owner) = await SayingAsync(request, ct);
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var model = await history.FindAsync(request.Segment("name", 2), null, ct);
        return model.IsOk ? await AnswerAsync(context, await store.UpdateAsync(model.Value.Name, number, description, owner, request.Expected(model.Value), ct), null, tags, ct) : Problems.From(model.Failure);
    }

    private static async Task<IResult> FindOriginAsync(HttpContext context, ModelHistory history, ModelOrigins origins, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var number = request.Version(1);
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var model = await history.FindEvenGoneAsync(request.Segment("name", 3), ct);
        return !model.IsOk ? Problems.From(model.Failure)
            : number <= model.Value.LastVersion && await origins.FindAsync(model.Value.Number, number, ct) is { } origin ? TypedResults.Json(origin, ModelsJson.Relaxed.ModelOrigin)
            : Problems.From(ModelVersionStore.NotFound(model.Value.Name, number));
    }

    private static async Task<(string? Description, string? Owner)> SayingAsync(ModelRequests request, CancellationToken ct) =>
        await request.BodyAsync(["description", "owner"], ct) is { } body ? (request.Text(body, "description"), request.Text(body, "owner", 256)) : default;

    // Says which state is answered, and whether the caller has it.
    private static bool IsKnown(HttpContext context, RegisteredModel model, VersionDrift? drift = null)
    {
        var tag = ModelRequests.TagOf(model, drift);
        context.Response.Headers.ETag = tag.ToString();
        return HttpMethods.IsGet(context.Request.Method) && EntityTagHeaderValue.TryParseList(context.Request.Headers.IfNoneMatch, out var known) && known.Any(other => other.Equals(EntityTagHeaderValue.Any) || other.Compare(tag, useStrongComparison: false));
    }
}
