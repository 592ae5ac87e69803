using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>Searches over 100,000 runs, with none and with 64 of them being written by another instance.</summary>
internal static class LargeSearchBenchmark
{
    private const int Written = 64;
    private const int PartitionBits = 3;
    private const int Portions = 20;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var count = rig.Pick(100_000, 1_000);
        rig.PartitionBits = PartitionBits;
        var writing = await rig.StartLocalAsync();
        var experiment = Store.CreateExperiment(writing.Url);
        Rig.Say($"creating {count:N0} runs");
        var runs = new List<string>();
        while (runs.Count < count)
        {
            // Cooled in between, as they would be in the hours that so many runs take.
            runs.AddRange(Store.FillExperiment(writing.Url, experiment, count / Portions, runs.Count));
            await rig.CoolAsync();
            Rig.Say($"{runs.Count:N0}");
        }
        var filtered = SearchCalls.Filtered(experiment);
        var hits = SearchBenchmark.Hits(count);

        Rig.Say("searching");
        var searching = await rig.StartLocalAsync();
        SearchCalls.Once(searching.Url, SearchCalls.Filtered("0"), 0);
        var before = searching.WorkingSet;
        var cold = SearchCalls.Once(searching.Url, filtered, hits).Milliseconds;
        var quiet = SearchCalls.Repeat(rig, searching.Url, filtered);
        var memory = (searching.WorkingSet - before) / 1024.0 / 1024.0;
        LoadResult busy;
        using (new BackgroundWriter(writing.Url, [.. runs.Take(Written)], Written))
        {
            busy = SearchCalls.Repeat(rig, searching.Url, filtered);
        }
        return
        [
            Figure.AtMost("search over 100,000 runs, at most 100 hits, no run being written: warm p50", 80, quiet.P50, "ms", note: $"{quiet.OperationsPerCall:0.#} operations"),
            Figure.AtMost("the same, 64 runs being written", 80, busy.P50, "ms", note: $"each once a second; {busy.OperationsPerCall:0.#} operations"),
            Figure.AtMost("the same: cold", 10_000, cold, "ms"),
            Figure.AtMost("the same: index memory", 300, memory, "MB", note: "growth of the working set by the searches"),
        ];
    }
}
