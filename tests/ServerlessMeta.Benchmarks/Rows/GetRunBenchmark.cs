using ServerlessMeta.Benchmarks.Raw;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>get-run on 8 connections beside the raw point read of the run's row, while a second instance writes to the runs.</summary>
internal static class GetRunBenchmark
{
    private const int Connections = 8;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var (local, other) = (await rig.StartLocalAsync(), await rig.StartLocalAsync());
        var experiment = Store.CreateExperiment(local.Url);
        var runs = Store.FillExperiment(local.Url, experiment, 64);
        var requests = runs.Select(static run => HttpText.Get($"runs/get?run_id={run}")).ToArray();
        var recording = await Recording.TakeAsync(rig, experiment, static run => [connection => connection.Exchange(HttpText.Get($"runs/get?run_id={run}"))]);
        var recorded = recording.Last(static request => request.Method == "GET");
        // The same read, of the rows that the store reads.
        var raw = Enumerable.Range(0, Connections).Select(_ => runs.Select(run => new RawCall(recorded, recording.Run, run)).ToArray()).ToArray();
        using var writer = new BackgroundWriter(other.Url, runs, 20);
        var (bare, ours) = Rounds.Compare(rig.Rounds, static result => result.CallsPerSecond,
            span => Load.Run(Connections, rig.Tables, span, i =>
            {
                var next = i * 8;
                return connection => raw[i][next++ % runs.Length].Send(connection);
            }),
            span => Load.Run(Connections, local.Url, span, i =>
            {
                var next = i * 8;
                return connection => connection.Exchange(requests[next++ % requests.Length]);
            }), rig.Round);
        return [Figure.AtMost("get-run, 8 connections: ratio to a raw point read", 2, bare / ours, "x", "8 ms", $"{ours:N0} against {bare:N0} calls/s")];
    }
}
