using ServerlessMeta.Benchmarks.Raw;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>log-metric on one run: calls of one instance join, so it must be faster than many runs; and one connection alone beside the raw call.</summary>
internal static class OneRunBenchmark
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var local = await rig.StartLocalAsync();
        var experiment = Store.CreateExperiment(local.Url);
        var many = new LogLoad(local.Url, [.. Store.CreateRuns(local.Url, experiment, 64).Select(static run => LogRequest.Metric(run))]);
        var shared = Store.CreateRuns(local.Url, experiment, 1)[0];
        // The same run and the same metric from each connection; the values differ.
        var one = Enumerable.Range(0, LogLoad.Connections).Select(_ => LogRequest.Metric(shared)).ToArray();
        var (spread, joined) = Rounds.Compare(rig.Rounds, static result => result.CallsPerSecond,
            many.Run, span => Load.Run(LogLoad.Connections, local.Url, span, i => connection => connection.Exchange(one[i].Next())), rig.Round);

        var recording = await Recording.TakeAsync(rig, experiment, run =>
        {
            var request = LogRequest.Metric(run);
            return Enumerable.Repeat<Func<WireConnection, int>>(connection => connection.Exchange(request.Next()), 10);
        });
        var raw = recording.OnRows(rig, recording.Last(static request => !request.IsBatch && request.Method != "GET"), 1)[0];
        var alone = LogRequest.Metric(Store.CreateRuns(local.Url, experiment, 1)[0]);
        var (bare, ours) = Rounds.Compare(rig.Rounds, static result => result.P50,
            span => Load.Run(1, rig.Tables, span, _ => raw.Send),
            span => Load.Run(1, local.Url, span, _ => connection => connection.Exchange(alone.Next())), rig.Round);
        return
        [
            Figure.AtLeast("log-metric, 8 connections on one run, against 64 runs", 2, joined / spread, "x", note: $"{joined:N0} against {spread:N0} calls/s"),
            Figure.AtMost("log-metric, one connection: p50 against the raw call", 2, ours / bare, "x", note: $"{ours:0.00} ms against {bare:0.00} ms of {raw.Bytes:N0} bytes"),
        ];
    }
}
