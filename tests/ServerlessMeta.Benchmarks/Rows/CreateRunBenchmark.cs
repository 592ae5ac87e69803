using ServerlessMeta.Benchmarks.Raw;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>
/// create-run on 8 connections, beside the raw transaction of the same rows. Each round begins in a new experiment, the raw one too, and is short: in Azurite
/// a transaction costs in proportion to the rows of its partition, which the service's own does not.
/// </summary>
internal static class CreateRunBenchmark
{
    private const int Connections = 8;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var local = await rig.StartLocalAsync();
        var bare = new List<double>();
        var ours = new List<double>();
        var bytes = 0;
        for (var round = 0; round <= 2 * rig.Rounds; round++)
        {
            var recording = await Recording.TakeAsync(rig, Store.CreateExperiment(local.Url), _ => []);
            var raw = Enumerable.Range(0, Connections).Select(_ => new RawCall(recording.Create, recording.Run, recording.Run)).ToArray();
            bytes = raw[0].Bytes;
            var request = Store.CreateRunRequest(Store.CreateExperiment(local.Url));
            var transactions = Load.Run(Connections, rig.Tables, Round, i => connection =>
            {
                raw[i].About(RawCall.Another(recording.Run));
                return raw[i].Send(connection);
            }).Clean();
            var calls = Load.Run(Connections, local.Url, Round, _ => connection => connection.Exchange(request)).Clean();
            // The first round warms both up.
            if (round > 0)
            {
                bare.Add(transactions.CallsPerSecond);
                ours.Add(calls.CallsPerSecond);
            }
        }
        var (transaction, call) = (Rounds.Median(bare), Rounds.Median(ours));
        return
        [
            Figure.AtLeast("create-run, 8 connections", 1000, call, "calls/s", "227", "a new experiment each second"),
            Figure.AtLeast("its share of a raw transaction of the same rows", 0.5, call / transaction, "", note: $"raw {transaction:N0} calls/s of {bytes:N0} bytes"),
        ];
    }
}
