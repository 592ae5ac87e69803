using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Evaluations;

/// <summary><c>/api/v1/models/{name}/versions/{version}/evaluations</c>. A version is named by its number, <c>latest</c>, <c>version:3</c> or <c>alias:production</c>.</summary>
internal static class EvaluationEndpoints
{
    private const string Root = "/api/v1/models/{name}/versions/{version}/evaluations";
    private const int BodyBytes = 1024 * 1024;
    private const int KeyLength = 250;
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var evaluations = routes.MapGroup("").WithTags("evaluations");
        evaluations.MapPost(Root, RecordAsync)
            .WithSummary("Record how a version was judged on a dataset. The same content, or with the header Idempotency-Key the same request, is recorded once: 201 when new, 200 when known.")
            .Accepts<RecordEvaluation>("application/json").Produces<EvaluationView>(201).Produces<EvaluationView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem).ProducesProblem(409, Problem);
        evaluations.MapGet(Root, ListAsync)
            .WithSummary("The evaluations of a version, those recorded last first: dataset, digest, slice, metric, asOf, pageSize, pageToken.")
            .Produces<EvaluationPage>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        evaluations.MapGet(Root + "/latest", LatestAsync)
            .WithSummary("The evaluation that was recorded last on each dataset and slice: asOf.").Produces<EvaluationPage>().ProducesProblem(404, Problem);
        evaluations.MapGet(Root + "/compare", CompareAsync)
            .WithSummary("Each metric beside that of another version: with (a version), withModel (another model's), asOf. Better or worse by the direction that the policy declares, or an evaluation; a guess by the metric's name is marked.")
            .Produces<EvaluationComparisonView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        evaluations.MapGet(Root + "/{id}", FindAsync).WithSummary("An evaluation.").Produces<EvaluationView>().ProducesProblem(404, Problem);
    }

    private static async Task<IResult> RecordAsync(string name, string version, HttpContext context, EvaluationStore store, ModelHistory models, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context.Request, EvaluationsJson.Default.JsonElement, BodyBytes, ct);
        if (!body.IsOk)
        {
            return Problems.From(body.Failure);
        }
        var (content, faults) = EvaluationBody.Read(body.Value);
        var key = context.Request.Headers["Idempotency-Key"].FirstOrDefault();
        if (key is not null && BodyReader.RefuseText(key, KeyLength) is { } wrong)
        {
            faults = [.. faults, new Failure.Invalid("Idempotency-Key", wrong)];
        }
        if (content is null || faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var found = await ModelRoute.FindToChangeAsync(models, ModelRoute.NameOf(context, name, 3), version, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var model = found.Value.Model.Name;
        var recorded = await store.RecordAsync(model, found.Value.Version, content, key, ct);
        if (!recorded.IsOk)
        {
            return Problems.From(recorded.Failure);
        }
        var (evaluation, isNew) = recorded.Value;
        context.Response.Headers.Location = FormattableString.Invariant($"/api/v1/models/{Uri.EscapeDataString(model)}/versions/{evaluation.Version}/evaluations/{evaluation.Id}");
        return TypedResults.Json(EvaluationView.From(evaluation), EvaluationsJson.Relaxed.EvaluationView, statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> ListAsync(
        string name, string version, HttpContext context, EvaluationStore store, ModelHistory models, CancellationToken ct,
        string? dataset = null, string? digest = null, string? slice = null, string? metric = null, string? pageToken = null)
    {
        var request = new ModelRequests(context);
        var (faults, size, until) = (request.Faults, request.Size(), request.AsOf());
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var found = await ModelRoute.FindVersionAsync(models, ModelRoute.NameOf(context, name, 3), version, until, ct);
        return found.IsOk
            ? Answer(
                await store.ListAsync(found.Value.Model, found.Value.Version, new EvaluationFilter(dataset, digest is null ? null : KnownDigest.Of(digest).Value, slice, metric, until), size, pageToken, ct),
                static page => new EvaluationPage([.. page.Items.Select(EvaluationView.From)], page.Next), EvaluationsJson.Relaxed.EvaluationPage)
            : Problems.From(found.Failure);
    }

    private static async Task<IResult> LatestAsync(string name, string version, HttpContext context, EvaluationStore store, ModelHistory models, CancellationToken ct)
    {
        var request = new ModelRequests(context);
        var (faults, until) = (request.Faults, request.AsOf());
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var found = await ModelRoute.FindVersionAsync(models, ModelRoute.NameOf(context, name, 4), version, until, ct);
        return found.IsOk
            ? TypedResults.Json(new EvaluationPage([.. (await store.LatestAsync(found.Value.Model, found.Value.Version, until, ct)).Select(EvaluationView.From)]), EvaluationsJson.Relaxed.EvaluationPage)
            : Problems.From(found.Failure);
    }

    private static async Task<IResult> FindAsync(string name, string version, string id, HttpContext context, EvaluationStore store, ModelHistory models, CancellationToken ct)
    {
        var found = await ModelRoute.FindVersionAsync(models, ModelRoute.NameOf(context, name, 4), version, null, ct);
        return !found.IsOk ? Problems.From(found.Failure)
            : await store.FindAsync(found.Value.Model, found.Value.Version, id, ct) is { } evaluation ? TypedResults.Json(EvaluationView.From(evaluation), EvaluationsJson.Relaxed.EvaluationView)
            : Problems.From(new Failure.NotFound(EvaluationStore.Kind, id.Length > 100 ? id[..100] : id));
    }

    private static async Task<IResult> CompareAsync(
        string name, string version, HttpContext context, EvaluationStore store, ModelHistory models, DirectionsOf directions, CancellationToken ct, string? with = null, string? withModel = null)
    {
        var request = new ModelRequests(context);
        var (faults, until) = (request.Faults, request.AsOf());
        if (string.IsNullOrEmpty(with))
        {
            faults.Add(new Failure.Invalid("with", ModelVersionName.Problem));
        }
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var model = ModelRoute.NameOf(context, name, 4);
        var of = await ModelRoute.FindVersionAsync(models, model, version, until, ct);
        if (!of.IsOk)
        {
            return Problems.From(of.Failure);
        }
        var other = await ModelRoute.FindVersionAsync(models, string.IsNullOrEmpty(withModel) ? model : withModel, with!, until, ct);
        if (!other.IsOk)
        {
            return Problems.From(other.Failure is Failure.Invalid wrong ? wrong with { Field = "with" } : other.Failure);
        }
        var (mine, its) = (store.MeasurementsAsync(of.Value.Model.Number, of.Value.Version, until, ct), store.MeasurementsAsync(other.Value.Model.Number, other.Value.Version, until, ct));
        var compared = MetricComparison.Compare(await mine, await its, await directions(of.Value.Model, ct));
        return TypedResults.Json(
            new EvaluationComparisonView(
                new ComparedVersionView(of.Value.Model.Name, of.Value.Version), new ComparedVersionView(other.Value.Model.Name, other.Value.Version), [.. compared.Select(MetricComparisonView.From)]),
            EvaluationsJson.Relaxed.EvaluationComparisonView);
    }

    private static IResult Answer<T, TView>(Result<T> found, Func<T, TView> view, JsonTypeInfo<TView> type) =>
        found.IsOk ? TypedResults.Json(view(found.Value), type) : Problems.From(found.Failure);
}
