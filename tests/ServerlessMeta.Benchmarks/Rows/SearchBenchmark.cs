using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>Searches over 10,000 quiet runs, of which a second instance writes one.</summary>
internal static class SearchBenchmark
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var count = rig.Pick(10_000, 500);
        var writing = await rig.StartLocalAsync();
        var experiment = Store.CreateExperiment(writing.Url);
        Rig.Say($"creating {count:N0} runs");
        var runs = Store.FillExperiment(writing.Url, experiment, count);
        var (filtered, ordered) = (SearchCalls.Filtered(experiment), SearchCalls.Ordered(experiment));
        var hits = rig.Pick(100, Hits(count));
        var allHot = SearchCalls.Once((await rig.StartLocalAsync()).Url, filtered, hits);
        Rig.Say("cooling them");
        await rig.CoolAsync();

        var colds = new List<double>();
        for (var i = 0; i < rig.Pick(3, 1); i++)
        {
            var fresh = await rig.StartLocalAsync();
            colds.Add(SearchCalls.Once(fresh.Url, filtered, hits).Milliseconds);
            await fresh.DisposeAsync();
        }

        var searching = await rig.StartLocalAsync();
        SearchCalls.Once(searching.Url, filtered, hits);
        var afterWrite = 0;
        using (var connection = new WireConnection(writing.Url))
        {
            for (var i = 0; i < 20; i++)
            {
                Store.Must(connection, connection.Exchange(LogRequest.Metric(runs[i * 7 % runs.Length], "written_beside").Next()));
                afterWrite = Math.Max(afterWrite, SearchCalls.Once(searching.Url, filtered, hits).Operations);
            }
        }
        using var writer = new BackgroundWriter(writing.Url, [runs[0]], 20);
        var warm = SearchCalls.Repeat(rig, searching.Url, filtered);
        var top = SearchCalls.Repeat(rig, searching.Url, ordered);
        return
        [
            Figure.AtMost("search over 10,000 runs, metric and param filter, ordered by metric, at most 100 hits: warm p50", 10, warm.P50, "ms", "210 ms", $"{warm.OperationsPerCall:0.#} operations"),
            Figure.AtMost("the same: cold", 1000, Rounds.Median(colds), "ms", note: $"a new process's first search; {allHot.Milliseconds:0} ms while all are hot"),
            Figure.AtMost("the same: operations warm after one foreign write", 5, afterWrite, "operations", note: "the most of 20"),
            Figure.AtMost("no filter, ordered by a metric, first 1,000 received: warm p50", 60, top.P50, "ms", "3,700 ms", $"{top.OperationsPerCall:0.#} operations"),
        ];
    }

    /// <summary>How many runs match the filter, from the seeds that made them.</summary>
    public static int Hits(int count) => Math.Min(100, Enumerable.Range(0, count).Count(static number => Store.Matches(number)));
}
