using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary><c>/api/v1/rules</c></summary>
internal static class RuleEndpoints
{
    private const string Root = "/api/v1/rules";
    private const string One = Root + "/{id}";
    private const int BodyBytes = 128 * 1024;
    private const string Problem = "application/problem+json";
    private const string IdProblem = "A rule's id has 1 to 100 letters, digits, dots, hyphens and underscores, the first a letter or digit; 'defaults' is taken.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("").WithTags("rules");
        rules.MapPut(One, PutAsync)
            .WithSummary("Set a rule, whole: what to watch, when to fire, what to do. With If-Match only over the revision that has that ETag, with If-None-Match: * only when there is none (412 otherwise). The same again is no change.")
            .Accepts<SetRule>("application/json").Produces<RuleView>().Produces<RuleView>(201).ProducesProblem(400, Problem).ProducesProblem(412, Problem);
        rules.MapGet(One, FindAsync).WithSummary("A rule with what it remembers: whether it fires, the last windows, what is pending and what holds it back; with an ETag.").Produces<RuleView>().ProducesProblem(404, Problem);
        rules.MapGet(Root, ListAsync).WithSummary("Rules, those of a model alone with model: pageSize, pageToken.").Produces<RulePage>().ProducesProblem(400, Problem);
        rules.MapDelete(One, DeleteAsync).WithSummary("Delete a rule. Its triggers and its audit stay.").Produces(204).ProducesProblem(404, Problem).ProducesProblem(412, Problem);
        rules.MapPost(One + "/dry-run", DryRunAsync)
            .WithSummary("Run a rule over the windows that are stored, and store nothing: the rule of that id, or the one in the body. from: windows that start before are left out.")
            .Accepts<SetRule>("application/json").Produces<DryRunView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        rules.MapGet(Root + "/defaults", Defaults).WithSummary("Rules to begin with, for a model or a monitor; none retrains by drift of features alone.").Produces<RuleDefaults>();
    }

    private static async Task<IResult> PutAsync(string id, HttpContext context, RuleStore store, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context.Request, TriggersJson.Default.JsonElement, BodyBytes, ct);
        if (!body.IsOk)
        {
            return Problems.From(body.Failure);
        }
        var (definition, faults) = RuleBody.Read(body.Value, id);
        if (!RuleStore.IsId(id))
        {
            faults = [.. faults, new Failure.Invalid("id", IdProblem)];
        }
        if (!ExpectedRevision.TryRead<int>(context.Request, out var expected))
        {
            faults = [.. faults, new Failure.Invalid("If-Match", "The ETag of a rule is expected, as in \"3\".")];
        }
        if (definition is null || faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var set = await store.PutAsync(id, definition, expected, ct);
        return set.IsOk ? Answer(context, set.Value.Rule, await store.FindStateAsync(id, ct), set.Value.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK) : Problems.From(set.Failure);
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, RuleStore store, CancellationToken ct)
    {
        var (reading, rule) = (store.FindStateAsync(id, ct), await store.FindAsync(id, ct));
        var state = await reading;
        return rule is null ? Problems.From(new Failure.NotFound(RuleStore.Kind, id)) : Answer(context, rule, state, StatusCodes.Status200OK);
    }

    private static async Task<IResult> ListAsync(HttpContext context, RuleStore store, ModelHistory models, CancellationToken ct, string? model = null, string? pageToken = null)
    {
        var request = new ModelRequests(context);
        var (faults, size) = (request.Faults, request.Size());
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
        var page = await store.ListAsync(number, size, pageToken, ct);
        return page.IsOk ? TypedResults.Json(new RulePage([.. page.Value.Items.Select(static rule => RuleView.From(rule, null))], page.Value.Next), TriggersJson.Relaxed.RulePage) : Problems.From(page.Failure);
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, RuleStore store, CancellationToken ct)
    {
        if (!ExpectedRevision.TryRead<int>(context.Request, out var expected))
        {
            return Problems.From(new Failure.Invalid("If-Match", "The ETag of a rule is expected, as in \"3\"."));
        }
        var gone = RuleStore.IsId(id) ? await store.DeleteAsync(id, expected, ct) : new Failure.NotFound(RuleStore.Kind, id);
        return gone.IsOk ? TypedResults.NoContent() : Problems.From(gone.Failure);
    }

    private static async Task<IResult> DryRunAsync(string id, HttpContext context, RuleStore store, DryRun dry, CancellationToken ct, string? from = null)
    {
        List<Failure.Invalid> wrong = [];
        DateTimeOffset? since = null;
        if (!string.IsNullOrEmpty(from))
        {
            // A plus in a query is a space.
            since = DateTimeOffset.TryParse(from.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) && moment.Year is >= 1970 and < 3000 ? moment : null;
            if (since is null)
            {
                wrong.Add(new Failure.Invalid("from", "An instant as in 2026-01-31T12:00:00Z is expected."));
            }
        }
        RuleDefinition? definition;
        if (context.Request.ContentLength is 0 || (context.Request.ContentLength is null && context.Request.ContentType is null))
        {
            definition = (await store.FindAsync(id, ct))?.Definition;
            if (definition is null)
            {
                return Problems.From(new Failure.NotFound(RuleStore.Kind, id));
            }
        }
        else
        {
            var body = await JsonBody.ReadAsync(context.Request, TriggersJson.Default.JsonElement, BodyBytes, ct);
            if (!body.IsOk)
            {
                return Problems.From(body.Failure);
            }
            (definition, var faults) = RuleBody.Read(body.Value, id);
            wrong.AddRange(faults);
        }
        if (definition is null || wrong.Count > 0)
        {
            return Problems.From(wrong);
        }
        var run = await dry.RunAsync(id, definition, since, ct);
        return run.IsOk ? TypedResults.Json(run.Value, TriggersJson.Relaxed.DryRunView) : Problems.From(run.Failure);
    }

    private static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<RuleDefaults> Defaults(string? model = null, string? monitor = null) => TypedResults.Json(
        RuleDefaults.For(!string.IsNullOrEmpty(monitor) && string.IsNullOrEmpty(model) ? new RuleTarget.OfMonitor(monitor, null) : new RuleTarget.OfModel(string.IsNullOrEmpty(model) ? "your-model" : model, null, null, null)),
        TriggersJson.Relaxed.RuleDefaults);

    private static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<RuleView> Answer(HttpContext context, Rule rule, RuleState? state, int status)
    {
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{rule.Revision}\"");
        return TypedResults.Json(RuleView.From(rule, state), TriggersJson.Relaxed.RuleView, statusCode: status);
    }
}
