using ServerlessMeta.Benchmarks.Raw;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>log-batch of 1, 100 and 1,000 points, 8 connections, 64 runs, beside the raw merge of the same bytes.</summary>
internal static class LogBatchBenchmark
{
    private const int Runs = 64;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var (ones, rawOnes, oneBytes) = await MeasureAsync(rig, 1, 1);
        var (hundreds, rawHundreds, hundredBytes) = await MeasureAsync(rig, 100, 20);
        var (thousands, rawThousands, thousandBytes) = await MeasureAsync(rig, 1000, 20);
        return
        [
            Figure.AtLeast("log-batch of 1 point, 8 connections, 64 runs", 1500, ones, "calls/s", "215"),
            Figure.AtLeast("its share of the raw call", 0.6, ones / rawOnes, "", note: $"raw {rawOnes:N0} calls/s of {oneBytes:N0} bytes"),
            Figure.AtLeast("log-batch of 100 points, 8 connections", 1500, hundreds, "calls/s", "104", $"raw {rawHundreds:N0} calls/s of {hundredBytes:N0} bytes, share {hundreds / rawHundreds:0.00}"),
            Figure.AtLeast("log-batch of 1,000 points, 8 connections", 500_000, 1000 * thousands, "points/s", "20,000", $"raw {rawThousands:N0} calls/s of {thousandBytes:N0} bytes, share {thousands / rawThousands:0.00}"),
        ];
    }

    private static async Task<(double Ours, double Raw, int Bytes)> MeasureAsync(Rig rig, int points, int keys)
    {
        Rig.Say($"log-batch of {points}");
        var local = await rig.StartLocalAsync();
        var experiment = Store.CreateExperiment(local.Url);
        var recording = await Recording.TakeAsync(rig, experiment, run =>
        {
            var request = LogRequest.Batch(run, points, keys);
            return Enumerable.Repeat<Func<WireConnection, int>>(connection => connection.Exchange(request.Next()), 10);
        });
        var raw = recording.OnRows(rig, recording.Last(static request => !request.IsBatch && request.Method != "GET"), Runs);
        var ours = new LogLoad(local.Url, [.. Store.CreateRuns(local.Url, experiment, Runs).Select(run => LogRequest.Batch(run, points, keys))]);
        var (bare, logged) = Rounds.Compare(rig.Rounds, static result => result.CallsPerSecond,
            span => Load.Run(LogLoad.Connections, rig.Tables, span, i =>
            {
                var (mine, next) = (raw.Where((_, number) => number % LogLoad.Connections == i).ToArray(), 0);
                return connection => mine[next++ % mine.Length].Send(connection);
            }),
            ours.Run, rig.Round);
        await local.DisposeAsync();
        return (logged, bare, raw[0].Bytes);
    }
}
