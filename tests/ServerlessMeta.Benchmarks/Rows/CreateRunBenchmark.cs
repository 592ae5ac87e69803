using ServerlessMeta.Benchmarks.Raw;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>create-run on 8 connections, beside the raw transaction of the same rows.</summary>
internal static class CreateRunBenchmark
{
    private const int Connections = 8;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var local = await rig.StartLocalAsync();
        var experiment = Store.CreateExperiment(local.Url);
        var request = Store.CreateRunRequest(experiment);
        var recording = await Recording.TakeAsync(rig, experiment, _ => []);
        var raw = Enumerable.Range(0, Connections).Select(_ => new RawCall(recording.Create, recording.Run, recording.Run)).ToArray();
        var (bare, ours) = Rounds.Compare(rig.Rounds, static result => result.CallsPerSecond,
            span => Load.Run(Connections, rig.Tables, span, i => connection =>
            {
                raw[i].About(RawCall.Another(recording.Run));
                return raw[i].Send(connection);
            }),
            span => Load.Run(Connections, local.Url, span, _ => connection => connection.Exchange(request)),
            rig.Round);
        return
        [
            Figure.AtLeast("create-run, 8 connections", 1000, ours, "calls/s", "227"),
            Figure.AtLeast("its share of a raw transaction of the same rows", 0.5, ours / bare, "", note: $"raw {bare:N0} calls/s of {raw[0].Bytes:N0} bytes"),
        ];
    }
}
