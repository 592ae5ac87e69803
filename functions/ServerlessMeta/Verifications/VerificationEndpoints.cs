using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Verifications;

/// <summary><c>/api/v1/models/{name}/versions/{version}/verifications</c></summary>
internal static class VerificationEndpoints
{
    private const string Root = "/api/v1/models/{name}/versions/{version}/verifications";
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var verifications = routes.MapGroup("").WithTags("verifications");
        verifications.MapPost(Root, VerifyAsync)
            .WithSummary("Read every file of a version again, compare it with what was stored, and record what was found. It takes as long as reading them; 409 when there are none in this store.")
            .Produces<VerificationView>(201).ProducesProblem(404, Problem).ProducesProblem(409, Problem);
        verifications.MapGet(Root, ListAsync).WithSummary("The verifications of a version, the last first: asOf, pageSize, pageToken.").Produces<VerificationPage>().ProducesProblem(404, Problem);
    }

    private static async Task<IResult> VerifyAsync(string name, string version, HttpContext context, VerificationStore store, ModelHistory models, CancellationToken ct)
    {
        var found = await ModelRoute.FindToChangeAsync(models, ModelRoute.NameOf(context, name, 3), version, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var verified = await store.VerifyAsync(found.Value.Model.Name, found.Value.Version, ct);
        return verified.IsOk ? TypedResults.Json(VerificationView.From(verified.Value), VerificationsJson.Default.VerificationView, statusCode: StatusCodes.Status201Created) : Problems.From(verified.Failure);
    }

    private static async Task<IResult> ListAsync(
        string name, string version, HttpContext context, VerificationStore store, ModelHistory models, CancellationToken ct, string? pageToken = null)
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
            ? TypedResults.Json(new VerificationPage([.. page.Value.Items.Select(VerificationView.From)], page.Value.Next), VerificationsJson.Default.VerificationPage)
            : Problems.From(page.Failure);
    }
}
