using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Triggers;

/// <summary><c>/api/v1/triggers</c>, and the triggers of runs and versions.</summary>
internal static class TriggerEndpoints
{
    private const string Root = "/api/v1/triggers";
    private const string One = Root + "/{id}";
    private const int BodyBytes = 16 * 1024;
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var triggers = routes.MapGroup("").WithTags("triggers");
        triggers.MapGet(Root, ListAsync).WithSummary("Triggers, the newest first: model, rule, state (suggested, requested, started, completed, failed, or undelivered), pageSize, pageToken.").Produces<TriggerPage>().ProducesProblem(400, Problem);
        triggers.MapGet(One, FindAsync).WithSummary("A trigger with all that it led to: cause, windows, deliveries, run, version, verdict.").Produces<TriggerView>().ProducesProblem(404, Problem);
        triggers.MapPost(One + "/approve", ApproveAsync).RequireRole(Role.Approver).WithSummary("Send a trigger that was only suggested. It may be repeated.").Produces<TriggerView>().ProducesProblem(404, Problem);
        triggers.MapPost(One + "/started", StartAsync).WithSummary("Say that retraining began, and by which run. It may be repeated, and come late.")
            .Accepts<RetrainStarted>("application/json").Produces<TriggerView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        triggers.MapPost(One + "/completed", CompleteAsync).WithSummary("Say that retraining ended: run, modelVersion, status (succeeded or failed). It may be repeated, and come before the beginning was told.")
            .Accepts<RetrainCompleted>("application/json").Produces<TriggerView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem).ProducesProblem(409, Problem);
        triggers.MapPost(One + "/redeliver", RedeliverAsync).WithSummary("Send again what was given up, or what a broker took and nobody answered.").Produces<TriggerView>(202).ProducesProblem(404, Problem);
        triggers.MapGet("/api/v1/runs/{runId}/trigger", OfRunAsync).WithSummary("The trigger that a run answers.").Produces<TriggerView>().ProducesProblem(404, Problem);
        triggers.MapGet("/api/v1/models/{name}/versions/{version}/triggers", OfVersionAsync)
            .WithSummary("The triggers that were fired for a version, and the one that it came of, the newest first: pageSize, pageToken.").Produces<TriggerPage>().ProducesProblem(404, Problem);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, TriggerStore store, ModelHistory models, CancellationToken ct, string? model = null, string? rule = null, string? state = null, string? pageToken = null)
    {
        var request = new ModelRequests(context);
        var (faults, size) = (request.Faults, request.Size());
        TriggerStatus? status = null;
        if (!string.IsNullOrEmpty(state) && state != "undelivered")
        {
            if (Enum.TryParse<TriggerStatus>(state, ignoreCase: true, out var known) && !char.IsAsciiDigit(state[0]))
            {
                status = known;
            }
            else
            {
                faults.Add(new Failure.Invalid("state", "One of suggested, requested, started, completed, failed, undelivered is expected."));
            }
        }
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        long? number = null;
        if (!string.IsNullOrEmpty(model))
        {
            var found = await models.FindEvenGoneAsync(model, ct);
            if (!found.IsOk)
            {
                return Problems.From(found.Failure);
            }
            number = found.Value.Number;
        }
        return Page(await store.ListAsync(new TriggerFilter(number, null, string.IsNullOrEmpty(rule) ? null : rule, status, state == "undelivered"), size, pageToken, ct));
    }

    private static async Task<IResult> FindAsync(string id, TriggerStore store, TriggerReader reader, CancellationToken ct) => await AnswerAsync(await store.FindAsync(id, ct), id, reader, ct);

    private static async Task<IResult> ApproveAsync(string id, TriggerStore store, TriggerReader reader, TriggerDispatcher dispatcher, CancellationToken ct)
    {
        var approved = await store.ApproveAsync(id, ct);
        if (approved.IsOk)
        {
            dispatcher.Nudge();
        }
        return await AnswerAsync(approved, reader, StatusCodes.Status200OK, ct);
    }

    private static async Task<IResult> StartAsync(string id, HttpContext context, TriggerStore store, TriggerReader reader, CancellationToken ct)
    {
        var body = await BodyAsync(context, ct);
        if (!body.IsOk)
        {
            return Problems.From(body.Failure);
        }
        List<Failure.Invalid> faults = [];
        var run = new BodyReader(body.Value, "", faults, "run").Text("run", 100);
        return faults.Count > 0 ? Problems.From(faults) : await AnswerAsync(await store.StartAsync(id, run, ct), reader, StatusCodes.Status200OK, ct);
    }

    private static async Task<IResult> CompleteAsync(string id, HttpContext context, TriggerStore store, TriggerReader reader, CancellationToken ct)
    {
        var body = await BodyAsync(context, ct);
        if (!body.IsOk)
        {
            return Problems.From(body.Failure);
        }
        List<Failure.Invalid> faults = [];
        var given = new BodyReader(body.Value, "", faults, "run", "modelVersion", "status");
        var (run, version, status) = (given.Text("run", 100), given.Whole("modelVersion", 1, int.MaxValue), given.Text("status", 20));
        if (status is not (null or "succeeded" or "failed"))
        {
            given.Refuse("status", "succeeded or failed is expected.");
        }
        return faults.Count > 0 ? Problems.From(faults) : await AnswerAsync(await store.CompleteAsync(id, run, (int?)version, status is not "failed", ct), reader, StatusCodes.Status200OK, ct);
    }

    private static async Task<IResult> RedeliverAsync(string id, TriggerStore store, TriggerReader reader, TriggerDispatcher dispatcher, CancellationToken ct)
    {
        var asked = await store.RedeliverAsync(id, ct);
        if (asked.IsOk)
        {
            dispatcher.Nudge();
        }
        return await AnswerAsync(asked, reader, StatusCodes.Status202Accepted, ct);
    }

    private static async Task<IResult> OfRunAsync(string runId, TriggerReader reader, CancellationToken ct) =>
        await AnswerAsync(RunId.TryParse(runId, CultureInfo.InvariantCulture, out var run) && run != default ? await reader.FindOfRunAsync(run, ct) : null, $"of run {runId}", reader, ct);

    private static async Task<IResult> OfVersionAsync(string name, string version, HttpContext context, TriggerStore store, ModelHistory models, CancellationToken ct, string? pageToken = null)
    {
        var request = new ModelRequests(context);
        var (faults, size) = (request.Faults, request.Size());
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var found = await ModelRoute.FindVersionAsync(models, ModelRoute.NameOf(context, name, 3), request.Segment("version", 1), null, ct);
        return found.IsOk ? Page(await store.ListAsync(new TriggerFilter(found.Value.Model.Number, found.Value.Version), size, pageToken, ct)) : Problems.From(found.Failure);
    }

    // No body says nothing of the run.
    private static async Task<Result<System.Text.Json.JsonElement>> BodyAsync(HttpContext context, CancellationToken ct)
    {
        if (context.Request.ContentLength is 0 || (context.Request.ContentLength is null && context.Request.ContentType is null))
        {
            using var empty = System.Text.Json.JsonDocument.Parse("{}");
            return empty.RootElement.Clone();
        }
        return await JsonBody.ReadAsync(context.Request, TriggersJson.Default.JsonElement, BodyBytes, ct);
    }

    private static IResult Page(Result<Paged<Trigger>> page) =>
        page.IsOk ? TypedResults.Json(new TriggerPage([.. page.Value.Items.Select(TriggerView.Brief)], page.Value.Next), TriggersJson.Relaxed.TriggerPage) : Problems.From(page.Failure);

    private static async Task<IResult> AnswerAsync(Trigger? trigger, string id, TriggerReader reader, CancellationToken ct) =>
        trigger is null ? Problems.From(new Failure.NotFound(TriggerStore.Kind, id)) : await AnswerAsync(trigger, reader, StatusCodes.Status200OK, ct);

    private static async Task<IResult> AnswerAsync(Result<Trigger> result, TriggerReader reader, int status, CancellationToken ct) =>
        result.IsOk ? TypedResults.Json(await reader.ReadAsync(result.Value, ct), TriggersJson.Relaxed.TriggerView, statusCode: status) : Problems.From(result.Failure);
}
