using System.Security.Cryptography;
using ServerlessMeta.Benchmarks.Wire;
using ServerlessMeta.Messages;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>The broker of ServerlessMeta.Local by itself, and messages through it into storage.</summary>
internal static class MessagesBenchmark
{
    private const int PartitionBits = 6;
    private static readonly IngestLoad ManyRuns = new(runs: 100, underWay: 1000, perMessage: 1);
    private static readonly IngestLoad OneRun = new(runs: 1, underWay: 100, perMessage: 1);
    private static readonly IngestLoad InTens = new(runs: 100, underWay: 1000, perMessage: 10);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        // Each message leaves a receipt in its run's partition, and in Azurite a transaction costs time in proportion to its partition's rows; in Azure it does not.
        rig.PartitionBits = PartitionBits;
        var (sends, deliveries) = await MeasureBrokerAsync(rig);
        var (transaction, merge) = await IngestLoad.RecordAsync(rig);
        var (transactions, merges) = (new List<double>(), new List<double>());
        var many = await ManyRuns.MeasureAsync(rig, () =>
        {
            transactions.Add(transaction().CallsPerSecond);
            merges.Add(merge().CallsPerSecond);
        });
        var one = await OneRun.MeasureAsync(rig);
        var tens = await InTens.MeasureAsync(rig);
        var (bare, bareMerge) = (Rounds.Median(transactions), Rounds.Median(merges));
        return
        [
            Figure.AtLeast("sends of 1 KiB to the broker, one connection", 10_000, sends, "messages/s"),
            Figure.AtLeast("deliveries of 1 KiB, each settled", 20_000, deliveries, "messages/s"),
            Figure.AtLeast("messages into storage: log-batch of 100 points, 100 runs, 10 under way each", 1000, many.Rate, "messages/s", note: Note(many)),
            Figure.AtLeast("its share of a bare transaction for each message, points and receipt", 1, many.Rate / bare, "", note: $"bare {bare:N0}/s; a bare merge of the points alone {bareMerge:N0}/s"),
            Figure.AtMost("storage operations per message", 1, many.Operations, "operations"),
            Figure.AtLeast("the same in messages of 10 events", 1000, tens.Rate, "events/s", note: Note(tens)),
            Figure.AtLeast("messages of one run, 100 under way", 1000, one.Rate, "messages/s", note: Note(one)),
        ];
    }

    private static string Note(IngestCost cost) =>
        $"{IngestLoad.Points * cost.Rate:N0} points/s; processor time {cost.Ours:0.00} ms ours, {cost.Storage:0.00} ms Azurite's; {cost.Operations:0.00} operations";

    private static async Task<(double Sends, double Deliveries)> MeasureBrokerAsync(Rig rig)
    {
        Rig.Say("the broker");
        var local = await rig.StartLocalAsync();
        var count = rig.Pick(20_000, 2_000);
        var bodies = Enumerable.Repeat(RandomNumberGenerator.GetBytes(1024), count).ToArray();
        var (sends, deliveries) = (new List<double>(), new List<double>());
        for (var round = -1; round < rig.Rounds; round++)
        {
            await using var client = await BusClient.ConnectAsync(local.AmqpPort);
            var start = TimeProvider.System.GetTimestamp();
            await client.SendAsync(Entities.Retraining, bodies, "application/octet-stream");
            var sent = TimeProvider.System.GetTimestamp();
            await client.ReceiveAsync(Entities.Retraining, count);
            var settled = TimeProvider.System.GetTimestamp();
            if (round >= 0)
            {
                sends.Add(count / TimeProvider.System.GetElapsedTime(start, sent).TotalSeconds);
                deliveries.Add(count / TimeProvider.System.GetElapsedTime(sent, settled).TotalSeconds);
            }
        }
        await local.DisposeAsync();
        return (Rounds.Median(sends), Rounds.Median(deliveries));
    }
}
