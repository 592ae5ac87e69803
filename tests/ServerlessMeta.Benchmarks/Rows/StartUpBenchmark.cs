using System.Diagnostics;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>From the start of the published process to its first answer from storage that is up; and what it weighs after a log load without a search.</summary>
internal static class StartUpBenchmark
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var first = HttpText.Get("experiments/get?experiment_id=0");
        await TimeStartAsync(rig, first);
        var took = new List<double>();
        for (var i = 0; i < rig.Pick(5, 2); i++)
        {
            took.Add(await TimeStartAsync(rig, first));
        }

        var local = await rig.StartLocalAsync();
        var experiment = Store.CreateExperiment(local.Url);
        var idle = local.WorkingSet;
        foreach (var (points, keys) in ((int, int)[])[(1, 1), (100, 20), (1000, 20)])
        {
            new LogLoad(local.Url, [.. Store.CreateRuns(local.Url, experiment, 64).Select(run => LogRequest.Batch(run, points, keys))]).Run(rig.Round * 2).Clean();
        }
        return
        [
            Figure.AtMost("process start to first answer (published ReadyToRun, storage up)", 400, Rounds.Median(took), "ms", "5.8 s", $"{took.Min():0} to {took.Max():0}"),
            Figure.AtMost("working set after the log load, no index", 250, local.WorkingSet / 1024.0 / 1024.0, "MB", "681 MB", $"{idle / 1024 / 1024} MB before it"),
        ];
    }

    private static async Task<double> TimeStartAsync(Rig rig, byte[] request)
    {
        var started = Stopwatch.GetTimestamp();
        var local = await rig.StartLocalAsync();
        using (var connection = new WireConnection(local.Url))
        {
            Store.Must(connection, connection.Exchange(request));
        }
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await local.DisposeAsync();
        return took;
    }
}
