using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Approvals;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Policies;

/// <summary><c>/api/v1/models/{name}/versions/{version}/gates</c> and <c>/api/v1/models/{name}/decisions</c></summary>
internal static class GateEndpoints
{
    private const string Gates = "/api/v1/models/{name}/versions/{version}/gates";
    private const string Decisions = "/api/v1/models/{name}/decisions";
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var gates = routes.MapGroup("").WithTags("gates");
        gates.MapGet(Gates, JudgeAsync)
            .WithSummary("What must hold before a version gets an alias or a stage, and whether it does, with the records that prove it: alias, or stage; all that the policy guards without either.")
            .Produces<GatesView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        gates.MapGet(Decisions, ListAsync)
            .WithSummary("What was decided on guarded aliases and stages, the last first: for (alias:production), version, overridden, asOf, pageSize, pageToken. As of a moment, the first for a target is the one that made its holder of then, and says who approved it.")
            .Produces<DecisionPage>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
    }

    private static async Task<IResult> JudgeAsync(string name, string version, HttpContext context, GateStore store, ModelHistory models, CancellationToken ct, string? alias = null, string? stage = null)
    {
        var faults = new List<Failure.Invalid>();
        var (ofAlias, ofStage) = (string.IsNullOrEmpty(alias) ? null : GateTarget.OfAlias(alias), string.IsNullOrEmpty(stage) ? null : GateTarget.OfStage(stage));
        if (!string.IsNullOrEmpty(alias) && ofAlias is null)
        {
            faults.Add(new Failure.Invalid("alias", "An alias has 1 to 255 letters, digits, underscores and hyphens."));
        }
        if (!string.IsNullOrEmpty(stage) && ofStage is null)
        {
            faults.Add(new Failure.Invalid("stage", "A stage that may be guarded is Staging or Production."));
        }
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var found = await ModelRoute.FindVersionAsync(models, ModelRoute.NameOf(context, name, 3), version, null, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var judged = await store.JudgeAsync(found.Value.Model, found.Value.Version, [.. new[] { ofAlias, ofStage }.OfType<GateTarget>()], ct);
        return judged.IsOk ? TypedResults.Json(judged.Value, PoliciesJson.Relaxed.GatesView) : Problems.From(judged.Failure);
    }

    private static async Task<IResult> ListAsync(
        string name, HttpContext context, DecisionReader decisions, ModelHistory models, CancellationToken ct,
        string? @for = null, string? version = null, string? overridden = null, string? pageToken = null)
    {
        var request = new ModelRequests(context);
        var (faults, size, until) = (request.Faults, request.Size(), request.AsOf());
        var target = string.IsNullOrEmpty(@for) ? null : GateTarget.Parse(@for);
        if (!string.IsNullOrEmpty(@for) && target is null)
        {
            faults.Add(new Failure.Invalid("for", GateTarget.Problem));
        }
        int? number = null;
        if (!string.IsNullOrEmpty(version))
        {
            number = int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0 ? given : null;
            if (number is null)
            {
                faults.Add(new Failure.Invalid("version", "A whole number from 1 is expected."));
            }
        }
        bool? only = null;
        if (!string.IsNullOrEmpty(overridden))
        {
            only = bool.TryParse(overridden, out var flag) ? flag : null;
            if (only is null)
            {
                faults.Add(new Failure.Invalid("overridden", "true or false is expected."));
            }
        }
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var model = await ModelRoute.FindAsync(models, ModelRoute.NameOf(context, name, 1), ct);
        if (!model.IsOk)
        {
            return Problems.From(model.Failure);
        }
        var page = await decisions.ListAsync(model.Value, new DecisionFilter(target, number, only, until), size, pageToken, ct);
        return page.IsOk ? TypedResults.Json(new DecisionPage([.. page.Value.Items.Select(DecisionView.Of)], page.Value.Next), PoliciesJson.Relaxed.DecisionPage) : Problems.From(page.Failure);
    }
}
