using System.Collections.Immutable;
using ServerlessMeta.Metrics;
using ServerlessMeta.Mlflow.Runs;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Mlflow.Metrics;

/// <summary><c>/mlflow/metrics/...</c></summary>
internal static class MetricEndpoints
{
    private const int MaxPage = 25_000;
    private const int MaxRuns = 100;
    private const int MaxSampled = 2500;

    // Histories of many runs are read side by side, so many at a time.
    private const int Parallel = 8;

    public static void Map(MlflowRoutes routes)
    {
        routes.Get("metrics/get-history", GetAsync, "The points of a metric by (timestamp, step, value): run_id, metric_key, max_results (all when absent; a page has up to 25,000), page_token.");
        routes.Get("metrics/get-history-bulk", GetBulkAsync, "The points of a metric of up to 100 runs, 25,000 in all: run_id (repeated), metric_key, max_results.");
        routes.Get("metrics/get-history-bulk-interval", GetIntervalAsync,
            "Sampled points of a metric of up to 100 runs: run_ids (repeated), metric_key, start_step, end_step, max_results a run (1 to 2,500). The first, last, least and greatest of each run survive.");
    }

    private static async Task GetAsync(MlflowRequest request)
    {
        var id = Rules.RunOf(request);
        var key = request.Required("metric_key");
        var max = request.Int("max_results");
        if (max < 1)
        {
            request.Refuse(MlflowRequest.Invalid($"{max}", "max_results", "It must be at least 1."));
        }
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var found = await request.Service<MetricHistory>().ListAsync(id, key, max is { } size ? (int)Math.Min(size, MaxPage) : null, request.Text("page_token"), request.Aborted);
        await (found.IsOk
            ? request.AnswerAsync(found.Value, static (json, page) =>
            {
                json.WriteList("metrics"u8, page.Items, RunJson.WriteMetric);
                json.WriteString("next_page_token"u8, page.Next);
            })
            : request.AnswerAsync(MlflowError.From(found.Failure)));
    }

    private static async Task GetBulkAsync(MlflowRequest request)
    {
        var max = request.Size("max_results", MaxPage, MaxPage);
        var found = await ReadAsync(request, "run_id", max);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        await AnswerAsync(request, found.SelectMany(static run => run.Points.Select(point => (run.Run, point))).Take(max));
    }

    private static async Task GetIntervalAsync(MlflowRequest request)
    {
        var max = request.Size("max_results", MaxSampled, MaxSampled);
        var (start, end) = (request.Int("start_step"), request.Int("end_step"));
        if (start is null != end is null)
        {
            request.Refuse(MlflowError.Invalid("If either start step or end step are specified, both must be specified."));
        }
        if (start > end)
        {
            request.Refuse(MlflowError.Invalid($"end_step must be greater than start_step. Found start_step={start} and end_step={end}."));
        }
        var found = await ReadAsync(request, "run_ids", null);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        await AnswerAsync(request, found.SelectMany(run => MetricSample.Take(run.Points, start ?? long.MinValue, end ?? long.MaxValue, max).Select(point => (run.Run, point))));
    }

    // Every run's points, in the order in which the runs were named.
    private static async Task<IReadOnlyList<(RunId Run, ImmutableArray<MetricPoint> Points)>> ReadAsync(MlflowRequest request, string parameter, int? max)
    {
        var texts = request.Texts(parameter).Distinct(StringComparer.Ordinal).ToList();
        var key = request.Required("metric_key");
        if (texts.Count == 0)
        {
            request.Refuse(MlflowError.Missing(parameter));
        }
        if (texts.Count > MaxRuns)
        {
            request.Refuse(MlflowError.Invalid($"The request cannot specify more than {MaxRuns} {parameter}. Received {texts.Count} {parameter}."));
        }
        var runs = texts.Select(text => request.IsFaulty ? default : Rules.RunOf(text, request)).ToList();
        if (request.IsFaulty)
        {
            return [];
        }
        using var side = new SemaphoreSlim(Parallel);
        var pages = await Task.WhenAll(runs.Select(async run =>
        {
            await side.WaitAsync(request.Aborted);
            try
            {
                return await request.Service<MetricHistory>().ListAsync(run, key, max, null, request.Aborted);
            }
            finally
            {
                side.Release();
            }
        }));
        if (pages.FirstOrDefault(static page => !page.IsOk).Failure is { } failure)
        {
            request.Refuse(MlflowError.From(failure));
            return [];
        }
        return [.. runs.Zip(pages, static (run, page) => (run, page.Value.Items))];
    }

    private static Task AnswerAsync(MlflowRequest request, IEnumerable<(RunId Run, MetricPoint Point)> points) =>
        request.AnswerAsync(points.ToList(), static (json, points) => json.WriteList("metrics"u8, points, static (json, found) =>
        {
            RunJson.WriteMetric(json, found.Point);
            json.WriteString("run_id"u8, found.Run.ToString());
        }));
}
