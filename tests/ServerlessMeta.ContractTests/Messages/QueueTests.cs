using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.ContractTests.Native;
using ServerlessMeta.Local.Broker;
using ServerlessMeta.Messages;

namespace ServerlessMeta.ContractTests.Messages;

/// <summary><c>/api/v1/queues</c>, over the laptop's broker.</summary>
public sealed class QueueTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Root = "/api/v1/queues";
    private const string Letters = Root + "/metadata-ingest/dead-letters";

    private readonly InProcessBroker broker = new(TimeProvider.System, InProcessBroker.StoreEntities);
    private readonly KestrelHost host = new(azurite);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host.Add = services => services.AddSingleton(broker).AddSingleton<IMessageBus, LocalBus>();
        await host.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        broker.Dispose();
    }

    [Fact]
    public async Task Queues_say_what_waits_and_what_is_dead()
    {
        await SendAsync("1", "{}"u8);
        await BuryAsync("2", "{}"u8);
        await BuryAsync("3", "{}"u8);

        Assert.Equal(
            """{"queues":[{"name":"metadata-ingest","active":1,"deadLetters":2,"isAtLeast":false},{"name":"retraining","active":0,"deadLetters":0,"isAtLeast":false}]}""", (await host.Api.GetAsync(Root)).Ok().ToJsonString());
    }

    [Fact]
    public async Task Dead_letters_show_why_and_what_they_said()
    {
        await BuryAsync("json", """{"specversion":"1.0","id":"1","n":1.50,"wörter":"ä"}"""u8);
        await BuryAsync("text", "plain words, ä"u8);
        await BuryAsync("bytes", [0xff, 0x00]);

        var letters = (await host.Api.GetAsync(Letters)).Ok()["deadLetters"]!.AsArray();

        Assert.Equal(["json", "text", "bytes"], letters.Select(static letter => letter!["messageId"]!.ToString()));
        Assert.All(letters, static letter => Assert.Equal(("NOT_JSON", "Why json is not.", "application/cloudevents+json"), (letter!["reason"]!.ToString(), letter["description"]!.ToString(), letter["contentType"]!.ToString())));
        Assert.Equal("""{"specversion":"1.0","id":"1","n":1.50,"wörter":"ä"}""", letters[0]!["body"]!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal("plain words, ä", letters[1]!["text"]!.ToString());
        Assert.Equal("/wA=", letters[2]!["base64"]!.ToString());
        Assert.Equal(JsonValueKind.String, letters[0]!["id"]!.GetValueKind());
    }

    [Fact]
    public async Task Pages_of_any_size_are_the_whole_once_and_in_order()
    {
        for (var i = 0; i < 7; i++)
        {
            await BuryAsync(FormattableString.Invariant($"{i}"), "{}"u8);
        }
        var seen = new List<string>();
        var token = "";
        do
        {
            var page = (await host.Api.GetAsync(Letters, ("pageSize", "3"), ("pageToken", token))).Ok();
            seen.AddRange(page["deadLetters"]!.AsArray().Select(static letter => letter!["messageId"]!.ToString()));
            token = page["nextPageToken"]?.ToString();
        }
        while (token is not null);

        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], seen);
    }

    [Fact]
    public async Task A_page_of_large_letters_ends_sooner()
    {
        for (var i = 0; i < 20; i++)
        {
            await BuryAsync(FormattableString.Invariant($"{i}"), new byte[250 * 1024]);
        }

        var page = (await host.Api.GetAsync(Letters)).Ok();

        Assert.Equal(16, page["deadLetters"]!.AsArray().Count);
        Assert.Equal(4, (await host.Api.GetAsync(Letters, ("pageToken", page["nextPageToken"]!.ToString()))).Ok()["deadLetters"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("pageSize", "0")]
    [InlineData("pageSize", "101")]
    [InlineData("pageToken", "garbled")]
    [InlineData("pageToken", "MTIzNDU2Nzg5MDEyMzQ1Ng")]
    public async Task Wrong_pages_are_named(string field, string value) =>
        Assert.Equal(field, (await host.Api.GetAsync(Letters, (field, value))).Json["errors"]![0]!["field"]!.ToString());

    [Theory]
    [InlineData("GET", Root + "/other/dead-letters", "Queue 'other' does not exist.")]
    [InlineData("POST", Root + "/other/dead-letters/1/replay", "Queue 'other' does not exist.")]
    [InlineData("POST", Root + "/other/dead-letters/replay", "Queue 'other' does not exist.")]
    [InlineData("POST", Letters + "/17/replay", "Dead letter '17' does not exist.")]
    [InlineData("POST", Letters + "/x/replay", "Dead letter 'x' does not exist.")]
    public async Task What_is_not_there_is_said(string method, string path, string detail) => Assert.Equal(detail, (await host.Api.SendJsonAsync(HttpMethod.Parse(method), path, null)).Problem(404, "not-found"));

    [Fact]
    public async Task A_letter_that_is_replayed_waits_in_its_queue_again_as_it_was()
    {
        await BuryAsync("1", """{"n":1}"""u8);
        var id = (await host.Api.GetAsync(Letters)).Ok()["deadLetters"]![0]!["id"]!.ToString();

        var replayed = await host.Api.SendJsonAsync(HttpMethod.Post, $"{Letters}/{id}/replay", null);

        Assert.Equal($$"""{"queue":"metadata-ingest","id":"{{id}}"}""", replayed.Ok().ToJsonString());
        Assert.Empty((await host.Api.GetAsync(Letters)).Ok()["deadLetters"]!.AsArray());
        var delivery = broker.Queue(Entities.Ingest).TryReceive(settled: false)!;
        Assert.Equal("""{"n":1}""", delivery.Message.Body!.ToString());
        Assert.Equal(404, (await host.Api.SendJsonAsync(HttpMethod.Post, $"{Letters}/{id}/replay", null)).Status);
    }

    [Fact]
    public async Task All_letters_are_replayed_as_many_as_asked_for_at_once()
    {
        for (var i = 0; i < 5; i++)
        {
            await BuryAsync(FormattableString.Invariant($"{i}"), "{}"u8);
        }

        var first = (await host.Api.SendJsonAsync(HttpMethod.Post, $"{Letters}/replay?max=2", null)).Ok().ToJsonString();
        var rest = (await host.Api.SendJsonAsync(HttpMethod.Post, $"{Letters}/replay", null)).Ok().ToJsonString();

        Assert.Equal("""{"queue":"metadata-ingest","replayed":2,"tooOld":0,"hasMore":true}""", first);
        Assert.Equal("""{"queue":"metadata-ingest","replayed":3,"tooOld":0,"hasMore":false}""", rest);
        Assert.Equal("""{"name":"metadata-ingest","active":5,"deadLetters":0,"isAtLeast":false}""", (await host.Api.GetAsync(Root)).Ok()["queues"]![0]!.ToJsonString());
        Assert.Equal("""{"queue":"metadata-ingest","replayed":0,"tooOld":0,"hasMore":false}""", (await host.Api.SendJsonAsync(HttpMethod.Post, $"{Letters}/replay", null)).Ok().ToJsonString());
        foreach (var max in new[] { "0", "1001", "many" })
        {
            (await host.Api.SendJsonAsync(HttpMethod.Post, $"{Letters}/replay?max={max}", null)).Problem(400, "invalid");
        }
    }

    [Fact]
    public async Task What_a_message_lacked_may_come_and_then_its_letter_is_applied()
    {
        await using var fed = new KestrelHost(azurite) { Add = services => services.AddSingleton(broker).AddSingleton<IMessageBus, LocalBus>().AddHostedService<IngestPump>() };
        await fed.InitializeAsync();
        await SendAsync("early", JsonSerializer.SerializeToUtf8Bytes(new
        {
            specversion = "1.0", id = "early", source = "/jobs/a", type = "dev.serverlessmeta.evaluation.record.v1", subject = "models/churn/versions/1",
            data = new { dataset = new { name = "holdout", digest = "d" }, metrics = new[] { new { key = "accuracy", value = 0.9 } } },
        }));
        var letter = await UntilAsync(async () => (await fed.Api.GetAsync(Letters)).Ok()["deadLetters"]!.AsArray().FirstOrDefault());
        Assert.Equal("NOT_FOUND", letter["reason"]!.ToString());
        (await fed.Api.PostAsync("registered-models/create", new { name = "churn" })).Ok();
        (await fed.Api.PostAsync("model-versions/create", new { name = "churn", source = "s3://b/m" })).Ok();

        (await fed.Api.SendJsonAsync(HttpMethod.Post, $"{Letters}/{letter["id"]}/replay", null)).Ok();

        var evaluation = await UntilAsync(async () => (await fed.Api.GetAsync("/api/v1/models/churn/versions/1/evaluations")).Ok()["evaluations"]?.AsArray().FirstOrDefault());
        Assert.Equal("service-bus", evaluation["recordedBy"]!.ToString());
        Assert.Equal(0, (await fed.Api.GetAsync(Root)).Ok()["queues"]![0]!["deadLetters"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_store_without_a_broker_says_so()
    {
        await using var alone = new FunctionsHost(azurite);
        await alone.InitializeAsync();

        foreach (var answer in new[] { await alone.Api.GetAsync(Root), await alone.Api.GetAsync(Letters), await alone.Api.SendJsonAsync(HttpMethod.Post, $"{Letters}/1/replay", null) })
        {
            Assert.Equal("This store has no message broker: set ServiceBusConnection. Events are taken over HTTP by POST /api/v1/events.", answer.Problem(404, "not-found"));
        }
    }

    private async Task SendAsync(string id, ReadOnlyMemory<byte> body) =>
        await new LocalBus(broker).SendAsync(Entities.Ingest, new OutgoingMessage(id, "application/cloudevents+json", null, BinaryData.FromBytes(body)), Ct);

    private Task SendAsync(string id, ReadOnlySpan<byte> body) => SendAsync(id, (ReadOnlyMemory<byte>)body.ToArray());

    private Task BuryAsync(string id, ReadOnlySpan<byte> body) => BuryAsync(id, (ReadOnlyMemory<byte>)body.ToArray());

    private async Task BuryAsync(string id, ReadOnlyMemory<byte> body)
    {
        var queue = broker.Queue(Entities.Ingest);
        var before = new List<BrokerDelivery>();
        await SendAsync(id, body);
        while (queue.TryReceive(settled: false) is { } delivery)
        {
            before.Add(delivery);
        }
        foreach (var other in before.SkipLast(1))
        {
            queue.Abandon(other.LockToken!.Value, ImmutableDictionary<string, object?>.Empty);
        }
        Assert.True(queue.DeadLetter(before[^1].LockToken!.Value, "NOT_JSON", "Why json is not.", ImmutableDictionary<string, object?>.Empty));
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> look)
        where T : class
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }
}
