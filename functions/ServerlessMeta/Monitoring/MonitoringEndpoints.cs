using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>How versions of models, and monitors without a model, are watched: options and baselines. <see cref="WindowEndpoints"/> takes what is watched, <see cref="DriftEndpoints"/> tells what was computed.</summary>
internal static class MonitoringEndpoints
{
    internal const string Problem = "application/problem+json";
    private const int BodyBytes = 256 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        MapOf<VersionTargetPath>(routes.MapGroup("").WithTags("monitoring"));
        var monitors = routes.MapGroup("").WithTags("monitors");
        MapOf<MonitorTargetPath>(monitors);
        monitors.MapGet("/api/v1/monitors", ListAsync).WithSummary("Monitors without a model, in the order of their names: pageSize, pageToken.").Produces<MonitorPage>().ProducesProblem(400, Problem);
    }

    internal static IResult Answer<T, TView>(Result<T> found, Func<T, TView> view, JsonTypeInfo<TView> type) =>
        found.IsOk ? TypedResults.Json(view(found.Value), type) : Problems.From(found.Failure);

    private static void MapOf<TPath>(RouteGroupBuilder group)
        where TPath : struct, IMonitoringPath
    {
        group.MapGet(TPath.Route + "/monitoring", FindAsync<TPath>)
            .WithSummary($"How {TPath.Words} is watched: options and the baseline in force; with an ETag.").Produces<MonitoringView>().ProducesProblem(404, Problem);
        group.MapPut(TPath.Route + "/monitoring", PutAsync<TPath>)
            .WithSummary($"Set how {TPath.Words} is watched, whole: what is left out is as by default. With If-Match only when nothing changed since. What is not closed is judged anew.")
            .Accepts<OptionsView>("application/json").Produces<MonitoringView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem).ProducesProblem(412, Problem);
        group.MapGet(TPath.Route + "/baseline", FindBaselineAsync<TPath>)
            .WithSummary($"The baseline of {TPath.Words} that is in force, or one by its number (number); with Accept: {RowIntake.ProfileType} its profile, by whose edges producers count.").Produces<BaselineView>().ProducesProblem(404, Problem);
        group.MapPost(TPath.Route + "/baseline", PostBaselineAsync<TPath>)
            .WithSummary($"Put a baseline of {TPath.Words} into force: rows (text/csv, application/json, application/x-ndjson, application/vnd.apache.parquet), a profile ({RowIntake.ProfileType}), or {{\"dataset\":{{\"artifact\",\"version\"}}}}, whose file lies in this store. 201 when new, 200 when it is in force already.")
            .Produces<BaselineView>(201).Produces<BaselineView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        group.MapGet(TPath.Route + "/baselines", ListBaselinesAsync<TPath>).WithSummary($"The baselines of {TPath.Words}, the one in force first: pageSize, pageToken.").Produces<BaselinePage>().ProducesProblem(404, Problem);
    }

    private static async Task<IResult> FindAsync<TPath>([AsParameters] TPath path, HttpContext context, TargetStore targets, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var found = await path.FindAsync(1, ct);
        return found.IsOk ? Answer(context, found.Value, await targets.FindAsync(found.Value.Target, ct)) : Problems.From(found.Failure);
    }

    private static async Task<IResult> PutAsync<TPath>([AsParameters] TPath path, HttpContext context, TargetStore targets, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var body = await JsonBody.ReadAsync(context.Request, MonitoringJson.Default.JsonElement, BodyBytes, ct);
        if (!body.IsOk)
        {
            return Problems.From(body.Failure);
        }
        var (options, faults) = OptionsBody.Read(body.Value);
        if (options is null)
        {
            return Problems.From(faults);
        }
        var found = await path.FindToChangeAsync(1, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var set = await targets.SetOptionsAsync(found.Value, options, new MonitoringRequest(context).Revision(), ct);
        return set.IsOk ? Answer(context, found.Value, set.Value) : Problems.From(set.Failure);
    }

    private static async Task<IResult> FindBaselineAsync<TPath>([AsParameters] TPath path, HttpContext context, TargetStore targets, ProfileCache profiles, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var request = new MonitoringRequest(context);
        var number = request.Number("number");
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var found = await path.FindAsync(1, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var baseline = number is { } one ? await targets.FindBaselineAsync(found.Value.Target, one, ct) : (await targets.FindAsync(found.Value.Target, ct))?.Baseline;
        if (baseline is null)
        {
            return Problems.From(new Failure.NotFound("Baseline", string.Create(CultureInfo.InvariantCulture, $"{found.Value.Name}{(number is null ? "" : $", number {number}")}")));
        }
        return context.Request.Headers.Accept.ToString().Contains(RowIntake.ProfileType, StringComparison.OrdinalIgnoreCase)
            ? TypedResults.Bytes(ProfileText(await profiles.ReadAsync(baseline.ProfileBlob, ct)), RowIntake.ProfileType)
            : TypedResults.Json(BaselineView.Of(baseline), MonitoringJson.Relaxed.BaselineView);
    }

    private static async Task<IResult> PostBaselineAsync<TPath>([AsParameters] TPath path, HttpContext context, BaselineIntake intake, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var found = await path.FindToChangeAsync(1, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var (posted, faults) = await intake.PostAsync(found.Value, context.Request, ct);
        return faults.Count > 0 ? Problems.From(faults)
            : posted.IsOk ? TypedResults.Json(BaselineView.Of(posted.Value.Baseline), MonitoringJson.Relaxed.BaselineView, statusCode: posted.Value.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : Problems.From(posted.Failure);
    }

    private static async Task<IResult> ListBaselinesAsync<TPath>([AsParameters] TPath path, HttpContext context, TargetStore targets, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var request = new MonitoringRequest(context);
        var size = request.Size();
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var found = await path.FindAsync(1, ct);
        return found.IsOk
            ? Answer(
                await targets.ListBaselinesAsync(found.Value.Target, size, request.PageToken, ct),
                static page => new BaselinePage([.. page.Items.Select(BaselineView.Of)], page.Next), MonitoringJson.Relaxed.BaselinePage)
            : Problems.From(found.Failure);
    }

    private static async Task<IResult> ListAsync(HttpContext context, MonitorList monitors, CancellationToken ct)
    {
        var request = new MonitoringRequest(context);
        var size = request.Size();
        return request.Faults.Count > 0 ? Problems.From(request.Faults)
            : Answer(await monitors.ListAsync(size, request.PageToken, ct), static page => new MonitorPage(page.Items, page.Next), MonitoringJson.Relaxed.MonitorPage);
    }

    private static byte[] ProfileText(DataProfile profile)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            ReadyProfile.Write(json, profile);
        }
        return text.WrittenSpan.ToArray();
    }

    private static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<MonitoringView> Answer(HttpContext context, FoundTarget found, Watched? watched)
    {
        new MonitoringRequest(context).Tag(watched?.Revision ?? 0);
        return TypedResults.Json(MonitoringView.Of(found, watched), MonitoringJson.Relaxed.MonitoringView);
    }
}
