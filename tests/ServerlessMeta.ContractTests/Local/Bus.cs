using System.Text.Json;
using System.Text.Json.Nodes;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Local;

/// <summary>Sends to the queue of ingestion, and waits until it is empty.</summary>
internal static class Bus
{
    private const string Ingest = "metadata-ingest";

    public static byte[] Event(string source, string id, string verb, object data) =>
        JsonSerializer.SerializeToUtf8Bytes(new { specversion = "1.0", source, id, type = $"dev.serverlessmeta.{verb}.v1", data });

    public static Message Message(byte[] body) => new() { Properties = new Properties { ContentType = "application/cloudevents+json" }, BodySection = new Data { Binary = body } };

    public static async Task<Connection> ConnectAsync(LocalProcess local)
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        return await factory.CreateAsync(new Address($"amqp://127.0.0.1:{local.AmqpPort}"));
    }

    public static Task SendAsync(LocalProcess local, IEnumerable<byte[]> bodies) => SendAsync(local, [.. bodies.Select(Message)]);

    public static async Task SendAsync(LocalProcess local, params IReadOnlyList<Message> messages)
    {
        var connection = await ConnectAsync(local);
        var sender = new SenderLink(new Session(connection), "tests", Ingest);
        await Task.WhenAll(messages.Select(message => sender.SendAsync(message, TimeSpan.FromSeconds(30))));
        await connection.CloseAsync();
    }

    public static async Task<JsonNode> QueueAsync(Api api) => (await api.GetAsync("/api/v1/queues")).Ok()["queues"]!.AsArray().Single(static queue => $"{queue!["name"]}" == Ingest)!;

    public static async Task<long> WaitingAsync(Api api) => (await QueueAsync(api))["active"]!.GetValue<long>();

    public static async Task SettledAsync(Api api, long deadLetters)
    {
        for (var i = 0; i < 1200 && await WaitingAsync(api) > 0; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        var queue = await QueueAsync(api);
        Assert.Equal((0, deadLetters), (queue["active"]!.GetValue<long>(), queue["deadLetters"]!.GetValue<long>()));
    }
}
