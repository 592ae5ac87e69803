using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>What was computed of what is watched.</summary>
internal static class DriftEndpoints
{
    private const string Problem = MonitoringEndpoints.Problem;
    private const int LongestName = 500;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(100);
    private static readonly string[] Scopes = [.. Enum.GetNames<MetricScope>().Select(static name => name.ToLowerInvariant())];

    public static void Map(IEndpointRouteBuilder routes)
    {
        MapOf<VersionTargetPath>(routes.MapGroup("").WithTags("monitoring"));
        MapOf<MonitorTargetPath>(routes.MapGroup("").WithTags("monitors"));
    }

    private static void MapOf<TPath>(RouteGroupBuilder group)
        where TPath : struct, IMonitoringPath
    {
        group.MapGet(TPath.Route + "/drift", FindAsync<TPath>)
            .WithSummary($"What was computed of {TPath.Words}: the result of the window that starts last, or of one (window), its newest or one by its number (revision).").Produces<WindowResult>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        group.MapGet(TPath.Route + "/drift/results", ListAsync<TPath>)
            .WithSummary($"The newest result of each window of {TPath.Words} in brief, the windows that start last first; with window all results of it: pageSize, pageToken.").Produces<ResultPage>().ProducesProblem(404, Problem);
        group.MapGet(TPath.Route + "/drift/history", ReadHistoryAsync<TPath>)
            .WithSummary($"The history of a metric of {TPath.Words}, the windows that start last first: metric, and column, or scope (dataset, performance, estimated): pageSize, pageToken.")
            .Produces<HistoryPage>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        group.MapPost(TPath.Route + "/drift/compute", ComputeAsync<TPath>)
            .WithSummary($"Compute now what changed of {TPath.Words}, without waiting for the timer; with window, or from and to, also closed windows that another baseline or other options judged. It may be repeated.")
            .Produces<ComputedView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem).ProducesProblem(429, Problem);
    }

    private static async Task<IResult> FindAsync<TPath>([AsParameters] TPath path, HttpContext context, ResultReader results, ResultHistory history, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var request = new MonitoringRequest(context);
        var (window, revision) = (request.Id("window"), request.Number("revision"));
        if (revision is not null && window is null)
        {
            request.Faults.Add(new Failure.Invalid("window", "A revision is of a window, whose id is needed."));
        }
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var found = await path.FindAsync(1, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        var target = found.Value.Target;
        var result = window is null ? await results.LatestAsync(target, ct)
            : revision is { } number ? await results.FindWindowAsync(target, window, ct) is { } one ? await history.FindAsync(target, one, number, ct) : null
            : await results.FindAsync(target, window, ct);
        return result is not null ? TypedResults.Json(result, ResultJson.Relaxed.WindowResult)
            : Problems.From(new Failure.NotFound("Result", window ?? found.Value.Name) { Detail = window is null ? $"Nothing was computed of '{found.Value.Name}' yet." : $"Window '{window}' has no such result, or not yet." });
    }

    private static async Task<IResult> ListAsync<TPath>([AsParameters] TPath path, HttpContext context, ResultReader results, ResultHistory history, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var request = new MonitoringRequest(context);
        var (size, window) = (request.Size(), request.Id("window"));
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var found = await path.FindAsync(2, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        MonitoredWindow? one = null;
        if (window is not null && (one = await results.FindWindowAsync(found.Value.Target, window, ct)) is null)
        {
            return Problems.From(WindowEndpoints.NoWindow(window));
        }
        return MonitoringEndpoints.Answer(
            one is null ? await history.ListAsync(found.Value.Target, size, request.PageToken, ct) : await history.ListAsync(found.Value.Target, one, size, request.PageToken, ct),
            static page => new ResultPage([.. page.Items.Select(ResultEntryView.Of)], page.Next), MonitoringJson.Relaxed.ResultPage);
    }

    private static async Task<IResult> ReadHistoryAsync<TPath>([AsParameters] TPath path, HttpContext context, ResultHistory history, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var request = new MonitoringRequest(context);
        var (size, column, metric) = (request.Size(), request.Text("column"), request.Text("metric"));
        var word = request.Text("scope") ?? (column is null ? "dataset" : "column");
        if (metric is not { Length: <= LongestName })
        {
            request.Faults.Add(new Failure.Invalid("metric", "The name of a metric is needed."));
        }
        if (!Scopes.Contains(word, StringComparer.Ordinal) || (word == "column") != (column is not null))
        {
            request.Faults.Add(new Failure.Invalid("scope", $"One of {string.Join(", ", Scopes)} is expected; column with a column, the others without."));
        }
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var found = await path.FindAsync(2, ct);
        return found.IsOk
            ? MonitoringEndpoints.Answer(
                await history.ReadAsync(found.Value.Target, Enum.Parse<MetricScope>(word, ignoreCase: true), column ?? "", metric!, size, request.PageToken, ct),
                page => new HistoryPage(word, column, metric!, page.Items, page.Next), MonitoringJson.Relaxed.HistoryPage)
            : Problems.From(found.Failure);
    }

    private static async Task<IResult> ComputeAsync<TPath>([AsParameters] TPath path, HttpContext context, ChangeReader changes, TargetPass passes, ResultReader results, TimeProvider time, CancellationToken ct)
        where TPath : struct, IMonitoringPath
    {
        var request = new MonitoringRequest(context);
        var (id, from, below) = (request.Id("window"), request.Instant("from"), request.Instant("to"));
        if (id is not null && (from is not null || below is not null))
        {
            request.Faults.Add(new Failure.Invalid("window", "Either a window is named, or from and to."));
        }
        if (request.Faults.Count > 0)
        {
            return Problems.From(request.Faults);
        }
        var found = await path.FindToChangeAsync(2, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        MonitoredWindow? one = null;
        if (id is not null && (one = await results.FindWindowAsync(found.Value.Target, id, ct)) is null)
        {
            return Problems.From(WindowEndpoints.NoWindow(id));
        }
        var outcome = await passes.RunAsync(
            await changes.ReadAsync(found.Value.Target, ct),
            async plan =>
            {
                if (one is not null)
                {
                    plan.Ask(one);
                }
                else if (from is not null || below is not null)
                {
                    await plan.AskAsync(from, below, ct);
                }
            },
            time.GetUtcNow() + Longest, ct);
        return outcome.IsBusy
            ? Problems.From(new Failure.Busy(TargetStore.Kind, found.Value.Name, TimeSpan.FromSeconds(10)))
            : TypedResults.Json(ComputedView.Of(outcome), MonitoringJson.Relaxed.ComputedView);
    }
}
