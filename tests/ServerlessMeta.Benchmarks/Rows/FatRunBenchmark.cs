using System.Security.Cryptography;
using System.Text.Json;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>log-batch of 1 to runs that hold 100 params of 6,000 characters, against empty runs: a run for each of 8 connections.</summary>
internal static class FatRunBenchmark
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var local = await rig.StartLocalAsync();
        var experiment = Store.CreateExperiment(local.Url);
        var empty = Store.CreateRuns(local.Url, experiment, LogLoad.Connections);
        var fat = Store.CreateRuns(local.Url, experiment, LogLoad.Connections);
        using (var connection = new WireConnection(local.Url))
        {
            foreach (var run in fat)
            {
                var parameters = Enumerable.Range(0, 100).Select(static i => new { key = $"param_{i:d3}", value = RandomNumberGenerator.GetHexString(6000, lowercase: true) });
                Store.Must(connection, connection.Exchange(HttpText.Post("runs/log-batch", JsonSerializer.Serialize(new { run_id = run, @params = parameters }))));
            }
        }
        var onEmpty = new LogLoad(local.Url, [.. empty.Select(static run => LogRequest.Batch(run, 1, 1))]);
        var onFat = new LogLoad(local.Url, [.. fat.Select(static run => LogRequest.Batch(run, 1, 1))]);
        var (light, heavy) = Rounds.Compare(rig.Rounds, static result => result.CallsPerSecond, onEmpty.Run, onFat.Run, rig.Round);
        return [Figure.AtLeast("log-batch of 1 to a run with 100 params of 6,000 characters, against an empty run", 0.8, heavy / light, "", note: $"{heavy:N0} against {light:N0} calls/s")];
    }
}
