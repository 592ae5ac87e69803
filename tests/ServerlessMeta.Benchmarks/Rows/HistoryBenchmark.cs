using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>The history of 10,000 points of one metric, while a second instance writes to the run.</summary>
internal static class HistoryBenchmark
{
    private const int Points = 10_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var (local, other) = (await rig.StartLocalAsync(), await rig.StartLocalAsync());
        var run = Store.CreateRuns(local.Url, Store.CreateExperiment(local.Url), 1)[0];
        using (var connection = new WireConnection(local.Url))
        {
            var request = LogRequest.Batch(run, 1000, 1);
            for (var call = 0; call < Points / 1000; call++)
            {
                Store.Must(connection, connection.Exchange(request.Next()));
            }
        }
        var read = HttpText.Get($"metrics/get-history?run_id={run}&metric_key={LogRequest.Key(0)}&max_results=25000");
        using var writer = new BackgroundWriter(other.Url, [run], 20);
        LoadResult Read(TimeSpan span) => Load.Run(1, local.Url, span, _ => connection => connection.Exchange(read)).Clean();

        Read(rig.Round);
        var rounds = Enumerable.Range(0, rig.Rounds).Select(_ => Read(rig.Round)).ToArray();
        Paging.Expect(local.Url, run, LogRequest.Key(0), Points);
        return [Figure.AtMost("history of 10,000 points, p50", 20, Rounds.Median(rounds.Select(static round => round.P50)), "ms", "390 ms", $"{Rounds.Median(rounds.Select(static round => round.OperationsPerCall)):0.#} operations")];
    }
}
