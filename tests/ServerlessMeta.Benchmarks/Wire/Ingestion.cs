using System.Net.Http.Json;
using System.Text.Json;
using ServerlessMeta.Messages;
using ServerlessMeta.Testing;

namespace ServerlessMeta.Benchmarks.Wire;

/// <summary>Messages that an instance takes from its queue and applies.</summary>
internal static class Ingestion
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <param name="local">The instance.</param>
    /// <param name="bodies">An event each, or a list of events.</param>
    /// <param name="underWay">How many messages are sent and not settled at a time.</param>
    /// <returns>From the first message that is sent to the last that is settled.</returns>
    public static async Task<TimeSpan> IngestAsync(this LocalProcess local, IReadOnlyList<byte[]> bodies, int underWay)
    {
        using var http = new HttpClient { BaseAddress = local.Url };
        await using var client = await BusClient.ConnectAsync(local.AmqpPort);
        var type = bodies[0][0] == '[' ? "application/cloudevents-batch+json" : "application/cloudevents+json";
        var start = TimeProvider.System.GetTimestamp();
        for (var sent = 0; ;)
        {
            var waiting = sent > 0 ? await WaitingAsync(http) : 0;
            if (waiting == 0 && sent == bodies.Count)
            {
                return TimeProvider.System.GetElapsedTime(start);
            }
            if (Math.Min(underWay - waiting, bodies.Count - sent) is > 0 and var next)
            {
                await client.SendAsync(Entities.Ingest, [.. bodies.Skip(sent).Take(next)], type);
                sent += next;
            }
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    private static async Task<int> WaitingAsync(HttpClient http)
    {
        var queues = await http.GetFromJsonAsync<JsonElement>("/api/v1/queues");
        var queue = queues.GetProperty("queues").EnumerateArray().Single(static one => one.GetProperty("name").GetString() == Entities.Ingest);
        return queue.GetProperty("deadLetters").GetInt64() > 0 ? throw new InvalidOperationException("Messages were refused.") : (int)queue.GetProperty("active").GetInt64();
    }
}
