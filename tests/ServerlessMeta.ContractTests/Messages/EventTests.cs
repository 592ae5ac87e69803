using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.App.Messages;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.ContractTests.Native;
using ServerlessMeta.Messages;

namespace ServerlessMeta.ContractTests.Messages;

/// <summary><c>POST /api/v1/events</c>: what the queue takes, over HTTP.</summary>
public sealed class EventTests(KestrelHost host, AzuriteFixture azurite) : IClassFixture<KestrelHost>
{
    private const string Path = "/api/v1/events";
    private const string Structured = "application/cloudevents+json";
    private const string Batched = "application/cloudevents-batch+json; charset=utf-8";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_is_applied_once_as_its_caller()
    {
        var run = await host.Api.CreateRunAsync("0");
        using var ann = new Api(host.Address);
        ann.Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("ann:x"u8));
        var sent = Event("1", "run.set-tag", new { run_id = run, key = "k", value = "v" });

        var first = await PostAsync(ann, sent, Structured);
        var again = await PostAsync(host.Api, sent, Structured);

        Assert.Equal($$"""{"events":[{"source":"/jobs/{{run}}","id":"1","type":"dev.serverlessmeta.run.set-tag.v1","outcome":"applied"}]}""".Replace(run, "a", StringComparison.Ordinal), first.Text);
        Assert.Equal(1, first.Operations);
        Assert.Equal("known", again.Ok()["events"]![0]!["outcome"]!.ToString());
        Assert.Equal("v", TagOf(await host.Api.GetRunAsync(run), "k"));
        var entry = Assert.Single((await host.Api.GetAsync("/api/v1/audit", ("object", $"run:{run}"), ("action", "run.log"))).Ok()["entries"]!.AsArray())!;
        Assert.Equal(("ann", "local"), (entry["by"]!.ToString(), entry["source"]!.ToString()));
    }

    [Fact]
    public async Task A_batch_is_answered_event_by_event()
    {
        var run = await host.Api.CreateRunAsync("0");

        var answer = await PostAsync(host.Api, new[]
        {
            Event("b1", "run.set-tag", new { run_id = run, key = "a", value = "1" }), Event("b2", "run.set-tag", new { run_id = "none", key = "a", value = "1" }), new { id = "b3" },
            Event("b4", "run.dance", new { }), Event("b5", "run.set-tag", new { run_id = run, key = "a", value = "2" }),
        }, Batched);

        var outcomes = answer.Ok()["events"]!.AsArray();
        Assert.Equal(["applied", "refused", "refused", "refused", "applied"], outcomes.Select(static one => one!["outcome"]!.ToString()));
        Assert.Equal("""{"status":404,"code":"RESOURCE_DOES_NOT_EXIST","detail":"Run with id=none not found"}""", outcomes[1]!["problem"]!.ToJsonString());
        Assert.Equal("NOT_A_CLOUD_EVENT", outcomes[2]!["problem"]!["code"]!.ToString());
        Assert.Equal("b3", outcomes[2]!["id"]!.ToString());
        Assert.Null(outcomes[2]!["source"]);
        Assert.Equal("UNKNOWN_TYPE", outcomes[3]!["problem"]!["code"]!.ToString());
        Assert.Equal("2", TagOf(await host.Api.GetRunAsync(run), "a"));
    }

    [Fact]
    public async Task Attributes_may_come_as_headers()
    {
        var run = await host.Api.CreateRunAsync("0");

        var answer = await host.Api.PostJsonAsync(Path, JsonSerializer.Serialize(new { run_id = run, key = "h", value = "v" }),
            ("ce-specversion", "1.0"), ("ce-id", "%22h%20%E2%82%AC%22"), ("Ce-Source", "urn:jobs"), ("ce-type", "dev.serverlessmeta.run.set-tag.v1"), ("ce-traceparent", "00-1"));

        var outcome = Assert.Single(answer.Ok()["events"]!.AsArray())!;
        Assert.Equal(("applied", "\"h €\"", "urn:jobs"), (outcome["outcome"]!.ToString(), outcome["id"]!.ToString(), outcome["source"]!.ToString()));
        Assert.Equal("v", TagOf(await host.Api.GetRunAsync(run), "h"));
    }

    [Theory]
    [InlineData("{", Structured, 400)]
    [InlineData("[]", Batched, 400)]
    [InlineData("7", "application/json", 400)]
    [InlineData("{}", "text/plain", 415)]
    [InlineData("{}", "application/cloudevents+avro", 415)]
    public async Task What_is_no_event_is_refused(string body, string contentType, int status) =>
        Assert.Equal(status, (await host.Api.PostBytesAsync(Path, Encoding.UTF8.GetBytes(body), contentType)).Status);

    [Fact]
    public async Task A_body_has_an_end() =>
        Assert.Equal("A request has up to 4194304 bytes here.", (await host.Api.PostBytesAsync(Path, new byte[(4 * 1024 * 1024) + 1], Structured)).Problem(400, "invalid"));

    [Fact]
    public async Task Data_may_be_larger_than_a_message()
    {
        var run = await host.Api.CreateRunAsync("0");
        var metrics = Enumerable.Range(0, 1000).Select(static i => new { key = new string('m', 240) + FormattableString.Invariant($"{i:d4}"), value = 0.123456789, timestamp = 1_700_000_000_000, step = i });

        Assert.Equal("applied", (await PostAsync(host.Api, Event("large", "run.log-batch", new { run_id = run, metrics }), Structured)).Ok()["events"]![0]!["outcome"]!.ToString());
    }

    [Fact]
    public async Task While_storage_is_away_events_have_to_be_sent_again_and_then_are_applied()
    {
        await using var relay = new TcpRelay(azurite.TablePort);
        var store = await host.AnotherAsync(connectionString: azurite.ConnectionString.Replace($":{azurite.TablePort}/", $":{relay.Port}/", StringComparison.Ordinal));
        var run = await host.Api.CreateRunAsync("0");
        object[] sent = [Event("o1", "run.set-tag", new { run_id = run, key = "k", value = "1" }), Event("o2", "run.set-tag", new { run_id = run, key = "k", value = "2" }), new { id = "o3" }];
        relay.Cut();

        var away = await PostAsync(store.Api, sent, Batched);
        relay.Mend();
        var back = await PostAsync(store.Api, sent, Batched);

        Assert.Equal(503, away.Status);
        Assert.True(away.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(["later", "later", "refused"], away.Json["events"]!.AsArray().Select(static one => one!["outcome"]!.ToString()));
        Assert.Equal("TEMPORARILY_UNAVAILABLE", away.Json["events"]![0]!["problem"]!["code"]!.ToString());
        Assert.Equal(["applied", "applied", "refused"], back.Ok()["events"]!.AsArray().Select(static one => one!["outcome"]!.ToString()));
        Assert.Equal("2", TagOf(await host.Api.GetRunAsync(run), "k"));
    }

    [Fact]
    public async Task Only_writers_send_events_and_no_header_makes_one()
    {
        const string token = "open sesame";
        await using var locked = new FunctionsHost(azurite) { TokenRequired = true };
        locked.Settings["Access:AdminTokenSha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        await locked.InitializeAsync();
        using var admin = new Api(locked.Address);
        admin.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var reader = await TokenAsync(admin, "reader");
        var writer = await TokenAsync(admin, "writer");
        var sent = JsonSerializer.Serialize(Event("1", "run.create", new { experiment_id = "0" }));

        var nobody = await locked.Api.PostJsonAsync(Path, sent, ("ActingCaller", "service-bus"), ("X-MS-CLIENT-PRINCIPAL-NAME", "service-bus"), ("ce-caller", "service-bus"));
        var read = await locked.Api.PostJsonAsync(Path, sent, ("Authorization", "Bearer " + reader));
        var written = await locked.Api.PostJsonAsync(Path, sent, ("Authorization", "Bearer " + writer));

        Assert.Equal((401, 403), (nobody.Status, read.Status));
        Assert.Equal("applied", written.Ok()["events"]![0]!["outcome"]!.ToString());
        Assert.Contains("'service-bus' names the store's own callers.", (await admin.PostAsync("/api/v1/tokens", new { name = "service-bus", role = "writer" })).Problem(400, "invalid"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_run_through_the_pipeline_that_the_host_serves()
    {
        var run = await host.Api.CreateRunAsync("0");
        var before = Routes();

        var outcome = Assert.Single(await host.Services.GetRequiredService<MessageEntry>().HandleAsync(
            [new IncomingMessage(Entities.Ingest, "m", null, Structured, BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(Event("p", "run.set-tag", new { run_id = run, key = "k", value = "v" }))), 1, new Dictionary<string, object?>(StringComparer.Ordinal))], Ct));

        Assert.IsType<MessageOutcome.Complete>(outcome);
        Assert.Equal(before, Routes());
        (await host.Api.GetAsync("/openapi/v1.json")).Ok();
        Assert.Equal("service-bus", (await host.Api.GetAsync("/api/v1/audit", ("object", $"run:{run}"), ("action", "run.log"))).Ok()["entries"]![0]!["by"]!.ToString());
    }

    [Fact]
    public void Every_operation_has_its_endpoint()
    {
        var mapped = host.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(static endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} {Unnamed(endpoint.RoutePattern.RawText!)}")).ToHashSet(StringComparer.Ordinal);

        Assert.All(IngestOperations.All.Values.SelectMany(static operation => operation.Templates.Select(template => $"{operation.Method} {Unnamed(template)}")), route => Assert.Contains(route, mapped));
    }

    // Which names a path gives its parts is its own affair.
    private static string Unnamed(string path) => string.Join('/', path.Split('/').Select(static part => part.StartsWith('{') ? "{}" : part));

    private int Routes() => host.Services.GetServices<EndpointDataSource>().Sum(static source => source.Endpoints.Count);

    private static object Event(string id, string operation, object data) => new { specversion = "1.0", id, source = "/jobs/a", type = $"dev.serverlessmeta.{operation}.v1", data };

    private static Task<Answer> PostAsync(Api api, object body, string contentType) => api.PostBytesAsync(Path, JsonSerializer.SerializeToUtf8Bytes(body), contentType);

    private static async Task<string> TokenAsync(Api admin, string role)
    {
        var made = await admin.PostAsync("/api/v1/tokens", new { name = role + "-job", role });
        Assert.Equal(201, made.Status);
        return made.Json["token"]!.ToString();
    }

    private static string? TagOf(JsonNode run, string key) => run["data"]!["tags"]!.AsArray().SingleOrDefault(tag => tag!["key"]!.ToString() == key)?["value"]!.ToString();
}
