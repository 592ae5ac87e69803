using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Approvals;

/// <summary><c>/api/v1/models/{name}/versions/{version}/approvals</c></summary>
internal static class ApprovalEndpoints
{
    private const string Root = "/api/v1/models/{name}/versions/{version}/approvals";
    private const int BodyBytes = 64 * 1024;
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var approvals = routes.MapGroup("").WithTags("approvals");
        approvals.MapPost(Root, DecideAsync).RequireRole(Role.Approver)
            .WithSummary("Approve or reject a version as it is now, or withdraw what one said: decision, comment, for; an administrator withdraws with by, and a comment, what another said. The caller is who says it, the last word of each counts, a rejection blocks. 201; 200 when the same was said before; 403 for an author whose policy wants others.")
            .Accepts<RecordApproval>("application/json").Produces<ApprovalView>(201).Produces<ApprovalView>()
            .ProducesProblem(400, Problem).ProducesProblem(403, Problem).ProducesProblem(404, Problem).ProducesProblem(409, Problem);
        approvals.MapGet(Root, ListAsync).WithSummary("All that was said of a version, the last first: asOf, pageSize, pageToken.").Produces<ApprovalPage>().ProducesProblem(404, Problem);
    }

    private static async Task<IResult> DecideAsync(string name, string version, HttpContext context, ApprovalStore store, ModelHistory models, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context.Request, ApprovalsJson.Default.JsonElement, BodyBytes, ct);
        if (!body.IsOk)
        {
            return Problems.From(body.Failure);
        }
        var (wanted, faults) = ApprovalBody.Read(body.Value);
        if (wanted is null)
        {
            return Problems.From(faults);
        }
        var found = await ModelRoute.FindToChangeAsync(models, ModelRoute.NameOf(context, name, 3), version, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var decided = await store.DecideAsync(found.Value.Model.Name, found.Value.Version, wanted, ct);
        return decided.IsOk
            ? TypedResults.Json(ApprovalView.From(decided.Value.Approval), ApprovalsJson.Relaxed.ApprovalView, statusCode: decided.Value.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : Problems.From(decided.Failure);
    }

    private static async Task<IResult> ListAsync(
        string name, string version, HttpContext context, ApprovalStore store, ModelHistory models, CancellationToken ct, string? pageToken = null)
    {
        var request = new ModelRequests(context);
        var (faults, size, until) = (request.Faults, request.Size(), request.AsOf());
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var found = await ModelRoute.FindVersionAsync(models, ModelRoute.NameOf(context, name, 3), version, until, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var page = await store.ListAsync(found.Value.Model, found.Value.Version, until, size, pageToken, ct);
        return page.IsOk
            ? TypedResults.Json(
                new ApprovalPage([.. page.Value.Items.Select(ApprovalView.From)], found.Value.Model.Overridden.Contains(found.Value.Version), page.Value.Next), ApprovalsJson.Relaxed.ApprovalPage)
            : Problems.From(page.Failure);
    }
}
