using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.RunWatch;

/// <summary>The anomalies of a run, and of an experiment's runs, in the native API.</summary>
internal static partial class RunAnomalyEndpoints
{
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/runs/{runId}/anomalies", ListOfRunAsync).WithTags("runs")
            .WithSummary("What looked wrong in the run's metrics while they were logged, the newest first: nan, spike, divergence, plateau, overfitting. pageSize, pageToken.")
            .Produces<RunAnomalyPage>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        routes.MapGet("/api/v1/experiments/{experimentId}/anomalies", ListOfExperimentAsync).WithTags("experiments")
            .WithSummary("What looked wrong in the metrics of an experiment's runs, the newest first: since (an instant), pageSize, pageToken.")
            .Produces<RunAnomalyPage>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
    }

    private static async Task<IResult> ListOfRunAsync(string runId, RunAnomalies anomalies, RunReader runs, CancellationToken ct, string? pageSize = null, string? pageToken = null)
    {
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults);
        if (!RunId.TryParse(runId, CultureInfo.InvariantCulture, out var run))
        {
            faults.Add(new Failure.Invalid("runId", "A run id is expected: 32 hex digits."));
        }
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var page = anomalies.PageAsync(run, size, pageToken, ct);
        return await runs.ExistsAsync(run, ct) ? Answer(await page) : Problems.From(new Failure.NotFound("Run", run.ToString()));
    }

    private static async Task<IResult> ListOfExperimentAsync(
        string experimentId, HttpContext context, RunAnomalies anomalies, ExperimentReader experiments, CancellationToken ct, string? pageSize = null, string? pageToken = null)
    {
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults);
        var since = SinceOf(context.Request, faults);
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        if (!ExperimentId.TryParse(experimentId, CultureInfo.InvariantCulture, out var experiment) || await experiments.FindAsync(experiment, ct) is null)
        {
            return Problems.From(new Failure.NotFound("Experiment", experimentId.Length > 60 ? experimentId[..60] : experimentId));
        }
        return Answer(await anomalies.PageAsync(experiment, since, size, pageToken, ct));
    }

    private static DateTimeOffset SinceOf(HttpRequest request, List<Failure.Invalid> faults)
    {
        // A plus in a query is a space.
        var text = request.Query["since"].ToString().Replace(' ', '+');
        if (text.Length == 0)
        {
            return DateTimeOffset.UnixEpoch;
        }
        if (InstantPattern.IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var since))
        {
            return since;
        }
        faults.Add(new Failure.Invalid("since", "An instant is expected as 2026-01-31T12:00:00Z, with its offset (RFC 3339)."));
        return DateTimeOffset.UnixEpoch;
    }

    private static IResult Answer(Result<Paged<RunAnomaly>> page) => page.IsOk
        ? TypedResults.Json(new RunAnomalyPage([.. page.Value.Items.Select(RunAnomalyView.From)], page.Value.Next), RunWatchJson.Relaxed.RunAnomalyPage)
        : Problems.From(page.Failure);

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?(?:Z|[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex InstantPattern { get; }
}
