using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Windows and labels of what is watched.</summary>
internal static class WindowEndpoints
{
    private const string Problem = MonitoringEndpoints.Problem;

    public static void Map(IEndpointRouteBuilder routes)
    {
        MapOf<VersionTargetPath>(routes.MapGroup("").WithTags("monitoring"));
        MapOf<MonitorTargetPath>(routes.MapGroup("").WithTags("monitors"));
    }

    private static void MapOf<TPath>(RouteGroupBuilder group)
        where TPath : struct, IMonitoringPath
    {
        group.MapPost(TPath.Route + "/windows", PostAsync<TPath>)
            .WithSummary($"Post a part of a window of {TPath.Words}: {{\"window\"?,\"start\",\"end\",\"part\"?,\"rows\":[...]}} or with \"profile\"; or rows or a profile as for the baseline, and the rest in the query (window, start, end, part) or in headers (Window-Id, Window-Start, Window-End, Window-Part). A window without an id is named by its start and end, a part by its digest. 201 when new, 200 when known, 409 when the id has other content.")
            .Produces<PostedPartView>(201).Produces<PostedPartView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem).ProducesProblem(409, Problem);
        group.MapGet(TPath.Route + "/windows", ListAsync<TPath>)
            .WithSummary($"The windows of {TPath.Words} in the order of their starts: from, to (they start from the one and before the other), pageSize, pageToken.").Produces<WindowPage>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        group.MapGet(TPath.Route + "/windows/{window}", FindAsync<TPath>).WithSummary($"A window of {TPath.Words} with its parts.").Produces<WindowView>().ProducesProblem(404, Problem);
        group.MapPost(TPath.Route + "/labels", PostLabelsAsync<TPath>)
            .WithSummary($"Post labels of predictions of {TPath.Words}: {{\"batch\"?,\"labels\":[{{\"predictionId\",\"label\",\"labelVersion\"?,\"predictionTime\"?,\"labelTime\"?}}]}}, or the same as lines or CSV with the batch in the query. The first label of a prediction counts, or the one of a greater version. With the time of the prediction a label is found at once; without it, it is looked for. 201 when new, 200 when known, 409 when the batch has other labels.")
            .Produces<BatchView>(201).Produces<BatchView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem).ProducesProblem(409, Problem);
        group.MapGet(TPath.Route + "/labels", ListLabelsAsync<TPath>)
            .WithSummary($"Labels of {TPath.Words} that wait for their predictions, which did not come yet, or never will: how many, and in which batches: pageSize, pageToken.").Produces<WaitingPage>().ProducesProblem(404, Problem);
    }

    private static async Task<IResult> PostAsync<TPath>([AsParameters] TPath path, HttpContext context, WindowIntake intake, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var found = await path.FindToChangeAsync(1, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var (posted, faults) = await intake.PostAsync(found.Value, context, ct);
        if (faults.Count > 0 || !posted.IsOk)
        {
            return faults.Count > 0 ? Problems.From(faults) : Problems.From(posted.Failure!);
        }
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{found.Value.Path}/windows/{Uri.EscapeDataString(posted.Value.Window.Id)}");
        return TypedResults.Json(PostedPartView.Of(posted.Value), MonitoringJson.Relaxed.PostedPartView, statusCode: posted.Value.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> ListAsync<TPath>([AsParameters] TPath path, HttpContext context, WindowStore windows, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var request = new MonitoringRequest(context);
        var (size, from, below) = (request.Size(), request.Instant("from"), request.Instant("to"));
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var found = await path.FindAsync(1, ct);
        return found.IsOk
            ? MonitoringEndpoints.Answer(
                await windows.ListAsync(found.Value.Target, from, below, size, request.PageToken, ct),
                static page => new WindowPage([.. page.Items.Select(static window => WindowView.Of(window))], page.Next), MonitoringJson.Relaxed.WindowPage)
            : Problems.From(found.Failure);
    }

    private static async Task<IResult> FindAsync<TPath>([AsParameters] TPath path, string window, HttpContext context, ResultReader results, WindowStore windows, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var found = await path.FindAsync(2, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var id = RouteSegment.Decode(context, window, 0);
        return await results.FindWindowAsync(found.Value.Target, id, ct) is { } one
            ? TypedResults.Json(WindowView.Of(one, await windows.PartsAsync(found.Value.Target, one.Id, ct)), MonitoringJson.Relaxed.WindowView)
            : Problems.From(NoWindow(id));
    }

    internal static Failure.NotFound NoWindow(string id) => new(WindowStore.Kind, id.Length <= MonitoringRequest.LongestId ? id : id[..MonitoringRequest.LongestId] + "...");

    private static async Task<IResult> PostLabelsAsync<TPath>([AsParameters] TPath path, HttpContext context, LabelIntake intake, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var found = await path.FindToChangeAsync(1, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var (posted, faults) = await intake.PostAsync(found.Value, context, ct);
        return faults.Count > 0 ? Problems.From(faults)
            : posted.IsOk ? TypedResults.Json(BatchView.Of(posted.Value.Batch), MonitoringJson.Relaxed.BatchView, statusCode: posted.Value.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : Problems.From(posted.Failure);
    }

    private static async Task<IResult> ListLabelsAsync<TPath>([AsParameters] TPath path, HttpContext context, LabelStore labels, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var request = new MonitoringRequest(context);
        var size = request.Size();
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var found = await path.FindAsync(1, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var page = await labels.ListWaitingAsync(found.Value.Target, size, request.PageToken, ct);
        if (!page.IsOk)
        {
            return Problems.From(page.Failure);
        }
        var waiting = await labels.CountWaitingAsync(found.Value.Target, ct);
        return TypedResults.Json(new WaitingPage(waiting, [.. page.Value.Items.Select(static one => BatchView.Of(one.Batch, one.Waiting))], page.Value.Next), MonitoringJson.Relaxed.WaitingPage);
    }
}
