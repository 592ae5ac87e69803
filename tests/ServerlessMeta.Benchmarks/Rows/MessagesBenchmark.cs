using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessMeta.Benchmarks.Raw;
using ServerlessMeta.Benchmarks.Wire;
using ServerlessMeta.Messages;
using ServerlessMeta.Testing;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>The broker of ServerlessMeta.Local by itself, and messages through it into storage.</summary>
internal static class MessagesBenchmark
{
    private const int Runs = 64;
    private const int Points = 100;
    private const int PartitionBits = 6;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        // Each message leaves a receipt in its run's partition, and in Azurite a transaction costs time in proportion to its partition's rows; in Azure it does not.
        rig.PartitionBits = PartitionBits;
        var (sends, deliveries) = await MeasureBrokerAsync(rig);
        var single = await MeasureIngestAsync(rig, messagesPerBody: 1);
        var batched = await MeasureIngestAsync(rig, messagesPerBody: 10);
        return
        [
            Figure.AtLeast("sends of 1 KiB to the broker, one connection", 10_000, sends, "messages/s"),
            Figure.AtLeast("deliveries of 1 KiB, each settled", 20_000, deliveries, "messages/s"),
            Figure.AtLeast("messages into storage: log-batch of 100 points, 64 runs", 1000, single.Rate, "messages/s", note: $"{Points * single.Rate:N0} points/s"),
            Figure.AtMost("storage operations per message", 1, single.Operations, "operations"),
            Figure.AtLeast("the same in messages of 10 events", 1000, batched.Rate, "events/s", note: $"{Points * batched.Rate:N0} points/s, {batched.Operations:0.00} operations an event"),
        ];
    }

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

    private static async Task<(double Rate, double Operations)> MeasureIngestAsync(Rig rig, int messagesPerBody)
    {
        Rig.Say($"ingestion, {messagesPerBody} events a message");
        var local = await rig.StartLocalAsync();
        var runs = Store.CreateRuns(local.Url, Store.CreateExperiment(local.Url), Runs);
        var count = rig.Pick(3_000, 300);
        var rates = new List<double>();
        for (var round = -1; round < rig.Rounds; round++)
        {
            var seconds = await IngestAsync(local, Bodies(runs, count, messagesPerBody));
            if (round >= 0)
            {
                rates.Add(count / seconds);
            }
        }
        await local.DisposeAsync();
        return (Rounds.Median(rates), await CountOperationsAsync(rig, messagesPerBody));
    }

    // Behind the relay, whose notes are counted; its rate is not measured.
    private static async Task<double> CountOperationsAsync(Rig rig, int messagesPerBody)
    {
        await using var relay = new RecordingRelay(rig.Tables);
        var local = await rig.StartLocalAsync(rig.Storage.Replace($"TableEndpoint=http://127.0.0.1:{rig.Tables.Port}/", $"TableEndpoint=http://127.0.0.1:{relay.Port}/", StringComparison.Ordinal));
        var runs = Store.CreateRuns(local.Url, Store.CreateExperiment(local.Url), Runs);
        var count = rig.Pick(2_000, 300);
        var before = relay.Requests().Count;
        await IngestAsync(local, Bodies(runs, count, messagesPerBody));
        var operations = relay.Requests().Count - before;
        await local.DisposeAsync();
        return (double)operations / count;
    }

    /// <returns>Seconds from the first message that is sent to the last that is settled.</returns>
    private static async Task<double> IngestAsync(LocalProcess local, byte[][] bodies)
    {
        using var http = new HttpClient { BaseAddress = local.Url };
        await using var client = await BusClient.ConnectAsync(local.AmqpPort);
        var start = TimeProvider.System.GetTimestamp();
        await client.SendAsync(Entities.Ingest, bodies, bodies[0][0] == '[' ? "application/cloudevents-batch+json" : "application/cloudevents+json");
        while (true)
        {
            var queues = await http.GetFromJsonAsync<JsonElement>("/api/v1/queues");
            var queue = queues.GetProperty("queues").EnumerateArray().Single(static one => one.GetProperty("name").GetString() == Entities.Ingest);
            if (queue.GetProperty("deadLetters").GetInt64() > 0)
            {
                throw new InvalidOperationException("Messages were refused.");
            }
            if (queue.GetProperty("active").GetInt64() == 0)
            {
                return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static byte[][] Bodies(string[] runs, int count, int messagesPerBody) =>
        [.. Enumerable.Range(0, count).Select(i => Event(runs[i % runs.Length])).Chunk(messagesPerBody).Select(events => Encoding.UTF8.GetBytes(messagesPerBody == 1 ? events[0] : $"[{string.Join(',', events)}]"))];

    private static string Event(string run)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var points = Enumerable.Range(0, Points).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"key":"{{LogRequest.Key(i % 20)}}","value":{{Random.Shared.NextDouble():r}},"timestamp":{{now + i}},"step":{{i / 20}}}"""));
        return $$$"""{"specversion":"1.0","id":"{{{RandomNumberGenerator.GetHexString(32)}}}","source":"/benchmark","type":"dev.serverlessmeta.run.log-batch.v1","data":{"run_id":"{{{run}}}","metrics":[{{{string.Join(',', points)}}}]}}""";
    }
}
