using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>Eight instances, a connection each, write one run as fast as they are answered.</summary>
internal static class InstancesBenchmark
{
    private const int Instances = 8;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var stores = new List<Uri>();
        for (var i = 0; i < Instances; i++)
        {
            stores.Add((await rig.StartLocalAsync()).Url);
        }
        var experiment = Store.CreateExperiment(stores[0]);
        var run = Store.CreateRuns(stores[0], experiment, 1)[0];
        var requests = stores.Select((_, i) => LogRequest.Metric(run, LogRequest.Key(i))).ToArray();
        LoadResult Write(TimeSpan span) => Load.Run(Instances, i => stores[i], span, i => connection => connection.Exchange(requests[i].Next()));

        Write(rig.Round / 2);
        var rounds = Enumerable.Range(0, rig.Rounds).Select(_ => Write(rig.Round)).ToArray();
        var failures = rounds.Sum(static round => round.Failures);
        return
        [
            Figure.AtMost("8 instances writing one run: operations a call", 2, Rounds.Median(rounds.Select(static round => round.OperationsPerCall)), "operations",
                note: $"{Rounds.Median(rounds.Select(static round => round.CallsPerSecond)):N0} calls/s in all, p50 {Rounds.Median(rounds.Select(static round => round.P50)):0} ms"),
            Figure.AtMost("8 instances writing one run: failed calls", 0, failures, "calls", note: rounds.Select(static round => round.Failure).FirstOrDefault(static failure => failure is not null) ?? $"of {rounds.Sum(static round => round.Latencies.Length):N0}"),
        ];
    }
}
