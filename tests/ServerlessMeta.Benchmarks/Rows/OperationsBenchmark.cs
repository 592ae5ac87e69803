using Azure.Data.Tables;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>Storage operations of log-metric and log-batch of any size: warm (this instance wrote the run before), cold (it did not), and when the tail spills.</summary>
internal static class OperationsBenchmark
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var (here, there) = (await rig.StartLocalAsync(), await rig.StartLocalAsync());
        var experiment = Store.CreateExperiment(here.Url);
        Func<string, LogRequest>[] shapes =
        [
            static run => LogRequest.Metric(run), static run => LogRequest.Batch(run, 1, 1), static run => LogRequest.Batch(run, 100, 20), static run => LogRequest.Batch(run, 1000, 20),
        ];
        using var warm = new WireConnection(here.Url);
        using var cold = new WireConnection(there.Url);
        var runs = shapes.Select(_ => Store.CreateRun(warm, experiment)).ToArray();
        var requests = shapes.Zip(runs, static (shape, run) => shape(run)).ToArray();
        var warmest = Enumerable.Range(0, 5).Max(_ => requests.Max(request => Operations(warm, request)));
        var coldest = requests.Max(request => Operations(cold, request));

        var spilled = LogRequest.Batch(Store.CreateRun(warm, experiment), 1000, 20);
        var single = LogRequest.Metric(Store.CreateRun(warm, experiment));
        var before = Segments(rig);
        var calls = rig.Pick(200, 60);
        var spilling = Math.Max(Enumerable.Range(0, calls).Max(_ => Operations(warm, spilled)), Enumerable.Range(0, 5 * calls).Max(_ => Operations(warm, single)));
        var segments = Segments(rig) - before;
        if (segments == 0)
        {
            throw new InvalidOperationException("Nothing was spilled.");
        }
        return
        [
            Figure.AtMost("storage operations of log-metric, log-batch of 1, 100, 1,000: warm", 1, warmest, "operations"),
            Figure.AtMost("the same, cold", 2, coldest, "operations"),
            Figure.AtMost("the same, spill", 1, spilling, "operations", note: $"the most of {6 * calls:N0} calls, {segments} segment rows"),
        ];
    }

    private static int Operations(WireConnection connection, LogRequest request)
    {
        Store.Must(connection, connection.Exchange(request.Next()));
        return connection.Operations();
    }

    private static int Segments(Rig rig) => rig.Table("runs").Query<TableEntity>("RowKey ge 's|' and RowKey lt 's}'", 1000, ["RowKey"]).Count();
}
