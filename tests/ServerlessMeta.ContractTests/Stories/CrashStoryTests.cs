using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amqp;
using Azure.Data.Tables;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.ContractTests.Local;
using ServerlessMeta.Local;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ContractTests.Stories;

/// <summary>
/// From messages to the verdict on retraining, with the process killed behind every kind of write on that way, when it took effect and before the process hears of it; and between what is handed to
/// others and the note that it was. The sender repeats only what was not seen settled.
/// </summary>
public sealed class CrashStoryTests : IAsyncLifetime
{
    private const int Rows = 40;
    private const string Name = "crash";
    private const string Secret = "s3cret";
    private static readonly string Prefix = new StorageOptions().TablePrefix;
    private static readonly double[] Errors = [0.5, 0.5, 3, 3, 3];
    private static readonly DateTimeOffset Start = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(-Errors.Length);
    private readonly HashSet<string> killed = new(StringComparer.Ordinal);
    private readonly HashSet<string> settled = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Id, string Body)> requests = new();
    private Azurite azurite = null!;
    private WebhookReceiver receiver = null!;
    private string run = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (azurite, receiver) = (await Azurite.StartAsync(null, Ct), await WebhookReceiver.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        await azurite.DisposeAsync();
    }

    [Fact(Timeout = 600_000)]
    public async Task Killed_between_any_two_steps_it_loses_nothing_that_was_settled_and_fires_once()
    {
        await LiveAsync(PrepareAsync, isKilled: false);
        while (await LiveAsync(TellAsync, isKilled: true))
        {
            await EndClaimsAsync(TestContext.Current.CancellationToken);
        }
        await LiveAsync(CheckAsync, isKilled: false);
    }

    /// <returns>Whether it was killed.</returns>
    private async Task<bool> LiveAsync(Func<LocalProcess, Api, Task> act, bool isKilled)
    {
        var (begun, end, gate, isDoomed) = (new TaskCompletionSource<LocalProcess>(), new TaskCompletionSource(), new Lock(), false);
        await using var tables = new WriteRelay(azurite.TablePort, JudgeAsync, KillAsync);
        await using var blobs = new WriteRelay(azurite.BlobPort, JudgeAsync, KillAsync);
        var storage = azurite.ConnectionString.Replace($":{azurite.TablePort}/", $":{tables.Port}/", StringComparison.Ordinal).Replace($":{azurite.BlobPort}/", $":{blobs.Port}/", StringComparison.Ordinal);
        var settings = new Dictionary<string, string> { ["Webhooks__AllowPrivateAddresses"] = "true", ["Triggers__FloorSeconds"] = "0" };
        await using var local = await LocalProcess.StartAsync(typeof(Azurite).Assembly.Location, ["--storage", storage, "--timers-every", "1"], settings, Ct);
        using var api = new Api(local.Url);
        begun.SetResult(local);
        try
        {
            await act(local, api);
        }
        catch (Exception broken) when (isKilled && broken is HttpRequestException or IOException or AmqpException or SocketException or OperationCanceledException or TimeoutException)
        {
            // As others see it when the process is killed.
            await end.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Ct);
        }
        return end.Task.IsCompleted;

        async Task<Fate> JudgeAsync(string kind)
        {
            // No timer gets ahead of the test.
            await begun.Task;
            if (!isKilled)
            {
                return Fate.Passes;
            }
            var isHandedOn = kind == Prefix + "rules -o ~d" || kind == Prefix + "webhooks -q ~d";
            if (isHandedOn)
            {
                // What the broker took is out of the store's hands, and lost with the broker: the receiver has to have it first.
                await UntilAsync(() => Task.FromResult(!requests.IsEmpty));
            }
            lock (gate)
            {
                if (!isDoomed)
                {
                    var fate = isHandedOn && killed.Add($"before {kind}") ? Fate.KillsBefore : killed.Add(kind) ? Fate.KillsAfter : Fate.Passes;
                    isDoomed = fate is not Fate.Passes;
                    return fate;
                }
            }
            // What goes on beside the step at which it is killed has no effect.
            await end.Task;
            throw new OperationCanceledException();
        }

        async Task KillAsync()
        {
            await (await begun.Task).CrashAsync(CancellationToken.None);
            end.TrySetResult();
        }
    }

    private async Task PrepareAsync(LocalProcess local, Api api)
    {
        (await api.PostAsync("registered-models/create", new { name = Name })).Ok();
        for (var version = 1; version <= 2; version++)
        {
            (await api.PostAsync("model-versions/create", new { name = Name, source = $"s3://bucket/{version}" })).Ok();
            Assert.Equal(200, (await api.SendJsonAsync(HttpMethod.Put, $"{Version(version)}/monitoring", """{"schema":{"task":"regression","id":"id","time":"time","prediction":"prediction","label":"label"},"minLabels":10}""")).Status);
            var baseline = new JsonArray([.. Enumerable.Range(0, 200).Select(static i => new JsonObject { ["id"] = $"b-{i}", ["time"] = Text(Start.AddMinutes(i - 1000)), ["x"] = i % 50, ["prediction"] = i % 50, ["label"] = (i % 50) + (Sign(i) * 0.5) })]);
            Assert.Equal(201, (await api.PostAsync($"{Version(version)}/baseline", new JsonObject { ["rows"] = baseline })).Status);
        }
        (await api.PostAsync("webhooks", new { name = "hook", url = receiver.Url, secret = Secret, events = new[] { new { entity = "MODEL_VERSION_TAG", action = "SET" } } })).Ok();
        var rule = await api.SendJsonAsync(HttpMethod.Put, $"/api/v1/rules/{Name}", $$"""
            {"target":{"model":"{{Name}}","version":1},"when":{"signal":"performance","metric":"rmse","op":">=","enter":2,"exit":1,"minN":10},"aggregate":{"m":2,"n":3,"cooldown":"P30D"},"mode":"auto",
             "actions":[{"type":"serviceBus","entity":"retraining","tellsDrift":false},{"type":"webhook","secretRef":"hook","tellsDrift":false}]}
            """);
        Assert.True(rule.Status is 200 or 201, rule.Text);
        run = await api.CreateRunAsync("0");
    }

    // All that the world tells the store, and waits for of it.
    private async Task TellAsync(LocalProcess local, Api api)
    {
        var connection = await Bus.ConnectAsync(local);
        var link = new ReceiverLink(new Session(connection), "trainer", "retraining");
        link.Start(10, (from, message) =>
        {
            requests.Enqueue((message.Properties.MessageId, Encoding.UTF8.GetString(message.GetBody<byte[]>())));
            from.Accept(message);
        });
        await SendAsync(local, api, [.. Enumerable.Range(0, 4).SelectMany(static day => Day(1, day))]);
        var trigger = "";
        await UntilAsync(async () => (trigger = $"{(await TriggersAsync(api)).FirstOrDefault()?["id"]}").Length > 0 && !requests.IsEmpty && !receiver.Calls.IsEmpty);
        await SendAsync(
            local, api, [Event("started", "retrain.started", new { trigger, run }), Event("completed", "retrain.completed", new { trigger, run, modelVersion = 2 }), .. Day(1, 4), .. Day(2, 4)]);
        await UntilAsync(async () => $"{(await TriggersAsync(api)).Single()["verdict"]?["outcome"]}" == "helped");
        await UntilAsync(async () => (await api.GetAsync($"/api/v1/triggers/{trigger}")).Ok()["deliveries"]!.AsArray().All(static one => $"{one!["status"]}" == "sent" || $"{one["webhookStatus"]}" == "delivered"));
        await connection.CloseAsync();
    }

    // One after the other, so that the sender knows of each whether it was settled. What was, is never sent again.
    private async Task SendAsync(LocalProcess local, Api api, (string Id, byte[] Body)[] events)
    {
        foreach (var (id, body) in events.Where(one => !settled.Contains(one.Id)))
        {
            await Bus.SendAsync(local, Bus.Message(body));
            await Bus.SettledAsync(api, deadLetters: 0);
            settled.Add(id);
        }
    }

    private async Task CheckAsync(LocalProcess local, Api api)
    {
        foreach (var (version, day) in ((int, int)[])[(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (2, 4)])
        {
            var result = (await api.GetAsync($"{Version(version)}/drift", ("window", $"day-{day}"))).Ok();
            Assert.Equal((Rows, Rows), (result["rows"]!.GetValue<int>(), result["labelled"]!.GetValue<int>()));
            Assert.Equal(version == 1 ? Errors[day] : 0.5, result["performance"]!.AsArray().Single(static metric => $"{metric!["metric"]}" == "rmse")!["value"]!.GetValue<double>(), 9);
            Assert.Equal(2, (await api.GetAsync($"{Version(version)}/windows/day-{day}")).Ok()["parts"]!.AsArray().Count);
        }
        Assert.Equal(Errors.Length, (await api.GetAsync($"{Version(1)}/drift/results")).Ok()["results"]!.AsArray().Count);
        var trigger = Assert.Single(await TriggersAsync(api));
        var id = $"{trigger["id"]}";
        Assert.Equal(("completed", run, 2, "helped"), ($"{trigger["status"]}", $"{trigger["run"]}", trigger["newVersion"]!.GetValue<int>(), $"{trigger["verdict"]!["outcome"]}"));
        Assert.Equal(id, $"{(await api.GetAsync($"/api/v1/runs/{run}/trigger")).Ok()["trigger"]!["id"]}");
        Assert.Empty((await api.GetAsync("/api/v1/audit/verify", ("object", $"rule:{Name}"))).Ok()["findings"]!.AsArray());

        Assert.Equal(id, Assert.Single(requests.Select(static one => one.Id).Distinct()));
        Assert.Equal(id, $"{JsonNode.Parse(Assert.Single(requests.Select(static one => one.Body).Distinct()))!["id"]}");
        Assert.Single(receiver.Calls.Select(static call => call.Headers["X-MLflow-Delivery-Id"]).Distinct());
        Assert.Equal(requests.First().Body, Assert.Single(receiver.Calls.Select(static call => call.Body).Distinct()));
        Assert.All(receiver.Calls, static call => Assert.Equal(
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{call.Headers["X-MLflow-Delivery-Id"]}.{call.Headers["X-MLflow-Timestamp"]}.{call.Body}"))),
            call.Headers["X-MLflow-Signature"]));
        Assert.Equal(2, killed.Count(static kind => kind.StartsWith("before", StringComparison.Ordinal)));
        Assert.True(killed.Count >= 25, $"It was killed behind {string.Join(", ", killed)} only.");
    }

    private static async Task<List<JsonNode>> TriggersAsync(Api api) => [.. (await api.GetAsync("/api/v1/triggers", ("model", Name))).Ok()["triggers"]!.AsArray().Select(static one => one!["trigger"]!)];

    // Lets the time pass for which a dead process still holds what it took.
    private async Task EndClaimsAsync(CancellationToken ct)
    {
        var tables = new TableServiceClient(azurite.ConnectionString);
        foreach (var (table, property) in ((string, string)[])[("monitoring", "until"), ("rules", "claimed"), ("webhooks", "claimed")])
        {
            var client = tables.GetTableClient(Prefix + table);
            await foreach (var row in client.QueryAsync<TableEntity>($"{property} gt datetime'{TimeProvider.System.GetUtcNow().UtcDateTime:O}'", cancellationToken: ct))
            {
                await client.UpdateEntityAsync(new TableEntity(row.PartitionKey, row.RowKey) { [property] = DateTimeOffset.UnixEpoch }, row.ETag, TableUpdateMode.Merge, ct);
            }
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var i = 0; !await isSo(); i++)
        {
            Assert.True(i < 1200, "In vain waited for it.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
    }

    // A window in two parts, then its labels.
    private static (string Id, byte[] Body)[] Day(int version, int day)
    {
        return
        [
            Part(0), Part(1),
            Event($"labels-{version}-{day}", "labels.post", new
            {
                model = Name, version, batch = $"day-{day}",
                labels = Enumerable.Range(0, Rows).Select(i => new { predictionId = $"p-{version}-{day}-{i}", label = (i % 50) + (Sign(i) * (version == 1 ? Errors[day] : 0.5)), predictionTime = Text(Start.AddDays(day).AddMinutes(i)) }),
            }),
        ];

        (string, byte[]) Part(int part) => Event($"window-{version}-{day}-{part}", "window.post", new
        {
            model = Name, version, window = $"day-{day}", start = Text(Start.AddDays(day)), end = Text(Start.AddDays(day + 1)), part = $"part-{part}",
            rows = Enumerable.Range(0, Rows).Where(i => i % 2 == part).Select(i => new { id = $"p-{version}-{day}-{i}", time = Text(Start.AddDays(day).AddMinutes(i)), x = i % 50, prediction = i % 50 }),
        });
    }

    private static (string Id, byte[] Body) Event(string id, string verb, object data) => (id, Bus.Event("/tests/crash", id, verb, data));

    private static string Version(int version) => $"/api/v1/models/{Name}/versions/{version}";

    private static int Sign(int i) => i % 2 == 0 ? 1 : -1;

    private static string Text(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);
}
