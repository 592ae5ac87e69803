using System.Diagnostics;
using System.Globalization;
using System.Text;
using Azure.Data.Tables;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>A run of 20 metrics x 100,000 steps: what a point weighs in storage, and reading one of the metrics while a second instance writes to the run.</summary>
internal static class LongHistoryBenchmark
{
    private const int Keys = 20;
    private const int StepsPerCall = 50;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var steps = rig.Pick(100_000, 5_000);
        var (local, other) = (await rig.StartLocalAsync(), await rig.StartLocalAsync());
        var experiment = Store.CreateExperiment(local.Url);
        var runs = Store.CreateRuns(local.Url, experiment, 2);
        Rig.Say($"{Keys} metrics x {steps:N0} steps, full doubles");
        Log(local.Url, runs[0], steps, static value => value);
        Rig.Say($"{Keys} metrics x {steps:N0} steps, float32 precision");
        Log(local.Url, runs[1], steps, static value => (float)value);
        var weights = runs.Select(run => (double)Weigh(rig, run) / (Keys * steps)).ToArray();

        using var writer = new BackgroundWriter(other.Url, [runs[0]], 20);
        using var connection = new WireConnection(local.Url);
        var key = LogRequest.Key(7);
        Paging.Read(connection, runs[0], key);
        var took = new List<double>();
        var (pages, most) = (0, 0);
        for (var i = 0; i < rig.Pick(15, 3); i++)
        {
            var started = Stopwatch.GetTimestamp();
            (pages, var operations, var points) = Paging.Read(connection, runs[0], key);
            took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            most = Math.Max(most, operations);
            if (points != steps)
            {
                throw new InvalidOperationException($"The history has {points} points instead of {steps}.");
            }
        }
        var whole = HttpText.Get($"metrics/get-history?run_id={runs[0]}&metric_key={key}");
        var atOnce = Load.Run(1, local.Url, rig.Round, _ => each => each.Exchange(whole)).Clean();
        return
        [
            Figure.AtMost("bytes stored a point, 20 metrics x 100,000 steps: full doubles", 8, weights[0], "bytes"),
            Figure.AtMost("bytes stored a point, 20 metrics x 100,000 steps: float32 precision", 5, weights[1], "bytes"),
            Figure.AtMost("history of 100,000 points of one among 20 metrics: operations a page", 3, most, "operations", note: $"{pages} pages of 25,000"),
            Figure.AtMost("history of 100,000 points of one among 20 metrics: p50 received", 150, Rounds.Median(took), "ms", note: $"all pages; in one answer without max_results {atOnce.P50:0} ms"),
        ];
    }

    // As one training job: a call after the other, 50 steps of all metrics each. Values are normal noise, so sign, exponent and mantissa all vary.
    private static void Log(Uri store, string run, int steps, Func<double, double> precision)
    {
        using var connection = new WireConnection(store);
        var random = new Random(7);
        var timestamp = 1_790_000_000_000L;
        var json = new StringBuilder();
        for (var step = 0; step < steps;)
        {
            json.Clear().Append(CultureInfo.InvariantCulture, $"{{\"run_id\":\"{run}\",\"metrics\":[");
            for (var i = 0; i < StepsPerCall; i++, step++)
            {
                timestamp += 200 + random.Next(100);
                for (var key = 0; key < Keys; key++)
                {
                    var value = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                    json.Append(CultureInfo.InvariantCulture, $"{(i + key == 0 ? "" : ",")}{{\"key\":\"{LogRequest.Key(key)}\",\"value\":{precision(value):R},\"timestamp\":{timestamp},\"step\":{step}}}");
                }
            }
            Store.Must(connection, connection.Exchange(HttpText.Post("runs/log-batch", json.Append("]}").ToString())));
        }
    }

    /// <summary>All rows that are about the run: its own, those beside it, its segments, its hot row.</summary>
    private static long Weigh(Rig rig, string run)
    {
        var rows = rig.Table("runs");
        var partition = rows.Query<TableEntity>(row => row.RowKey == $"r|{run}").Single().PartitionKey;
        return ((string[])["r", "s", "h"]).Sum(kind => rows.Query<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {$"{kind}|{run}"} and RowKey lt {$"{kind}|{run}}}"}"), 100).Sum(EntitySize.Of));
    }
}
