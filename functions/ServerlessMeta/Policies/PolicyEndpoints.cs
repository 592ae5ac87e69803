using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Policies;

/// <summary><c>/api/v1/models/{name}/policy</c></summary>
internal static class PolicyEndpoints
{
    private const string Root = "/api/v1/models/{name}/policy";
    private const int BodyBytes = 256 * 1024;
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var policies = routes.MapGroup("").WithTags("policies");
        policies.MapPut(Root, PutAsync).RequireRole(Role.Admin)
            .WithSummary("Set a model's policy, whole: what must hold before an alias or a stage moves. With If-Match only over the policy that has that ETag, with If-None-Match: * only when there is none (412 otherwise). One without aliases and stages guards nothing.")
            .Accepts<SetPolicy>("application/json").Produces<PolicyView>().ProducesProblem(400, Problem).ProducesProblem(403, Problem).ProducesProblem(404, Problem).ProducesProblem(412, Problem);
        policies.MapGet(Root, FindAsync)
            .WithSummary("The policy in force, or the one that was at a moment (asOf), or one of its states by its number (number); with an ETag.").Produces<PolicyView>().ProducesProblem(404, Problem);
        policies.MapGet(Root + "/versions", ListAsync).WithSummary("The states of a model's policy, the present one first: pageSize, pageToken.").Produces<PolicyPage>().ProducesProblem(404, Problem);
    }

    private static async Task<IResult> PutAsync(string name, HttpContext context, PolicyStore store, ModelHistory models, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context.Request, PoliciesJson.Default.JsonElement, BodyBytes, ct);
        if (!body.IsOk)
        {
            return Problems.From(body.Failure);
        }
        var (content, faults) = PolicyBody.Read(body.Value);
        if (!ExpectedRevision.TryRead<int>(context.Request, out var expected))
        {
            faults = [.. faults, new Failure.Invalid("If-Match", "The ETag of a policy is expected, as in \"3\".")];
        }
        if (content is null || faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var model = await models.FindAsync(ModelRoute.NameOf(context, name, 1), null, ct);
        if (!model.IsOk)
        {
            return Problems.From(model.Failure);
        }
        var set = await store.PutAsync(model.Value.Name, content, expected, ct);
        return set.IsOk ? Answer(context, set.Value) : Problems.From(set.Failure);
    }

    private static async Task<IResult> FindAsync(string name, HttpContext context, PolicyStore store, ModelHistory models, CancellationToken ct, string? number = null)
    {
        var request = new ModelRequests(context);
        var (faults, until) = (request.Faults, request.AsOf());
        var wanted = 0;
        if (!string.IsNullOrEmpty(number) && !(int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out wanted) && wanted > 0))
        {
            faults.Add(new Failure.Invalid("number", "A whole number from 1 is expected."));
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
        return await (wanted > 0 ? store.FindAsync(model.Value, wanted, ct) : store.FindAsync(model.Value, until, ct)) is { } policy
            ? Answer(context, policy) : Problems.From(new Failure.NotFound(PolicyStore.Kind, model.Value.Name));
    }

    private static async Task<IResult> ListAsync(string name, HttpContext context, PolicyStore store, ModelHistory models, CancellationToken ct, string? pageToken = null)
    {
        var request = new ModelRequests(context);
        var (faults, size) = (request.Faults, request.Size());
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var model = await ModelRoute.FindAsync(models, ModelRoute.NameOf(context, name, 2), ct);
        if (!model.IsOk)
        {
            return Problems.From(model.Failure);
        }
        var page = await store.ListAsync(model.Value, size, pageToken, ct);
        return page.IsOk ? TypedResults.Json(new PolicyPage([.. page.Value.Items.Select(PolicyView.From)], page.Value.Next), PoliciesJson.Relaxed.PolicyPage) : Problems.From(page.Failure);
    }

    private static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<PolicyView> Answer(HttpContext context, ModelPolicy policy)
    {
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{policy.Number}\"");
        return TypedResults.Json(PolicyView.From(policy), PoliciesJson.Relaxed.PolicyView);
    }
}
