using System.Text;
using Amqp;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Local;

namespace ServerlessMeta.ContractTests.Local;

/// <summary>From a message on the wire to a record in the store, in the laptop host as a process of its own.</summary>
public sealed class IngestTests(AzuriteFixture azurite) : IDisposable
{
    private static readonly string Assembly = typeof(Azurite).Assembly.Location;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("serverlessmeta-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_are_applied_in_order_and_what_cannot_be_is_set_aside_with_its_reason()
    {
        await using var local = await StartAsync("--storage", azurite.ConnectionString);
        using var api = new Api(local.Url);
        var run = await api.CreateRunAsync(await api.CreateExperimentAsync());
        var events = Enumerable.Range(1, 250).Select(i => i % 50 == 0
            ? Event($"bad-{i}", "run.log-batch", new { run_id = run, metrics = new[] { new { key = "loss", value = "not a number", timestamp = 1, step = i } } })
            : LogBatch(run, i)).ToList();

        await Bus.SendAsync(local, [.. events, Encoding.UTF8.GetBytes("no event"), Tag(run, "phase", "first"), Tag(run, "phase", "last")]);
        await Bus.SettledAsync(api, deadLetters: 6);

        Assert.Equal(245, await PointsAsync(api, run));
        Assert.Equal("last", (await api.GetRunAsync(run))["data"]!["tags"]!.AsArray().Single(static tag => $"{tag!["key"]}" == "phase")!["value"]!.ToString());
        var dead = (await api.GetAsync("/api/v1/queues/metadata-ingest/dead-letters")).Ok()["deadLetters"]!.AsArray();
        Assert.Equal(6, dead.Count);
        Assert.Equal(5, dead.Count(static letter => $"{letter!["reason"]}" == "INVALID_PARAMETER_VALUE"));
        Assert.All(dead, static letter => Assert.NotEqual("", $"{letter!["description"]}"));
        await EmptyAsync(api, dead.Count);
    }

    [Fact]
    public async Task Body_that_is_neither_bytes_nor_text_is_set_aside()
    {
        await using var local = await StartAsync("--in-memory");
        using var api = new Api(local.Url);

        await Bus.SendAsync(local, new Message(new Amqp.Types.Map { ["a"] = 1 }));
        await Bus.SettledAsync(api, deadLetters: 1);

        Assert.Equal("UnsupportedBody", (await api.GetAsync("/api/v1/queues/metadata-ingest/dead-letters")).Ok()["deadLetters"]![0]!["reason"]!.ToString());
    }

    [Fact]
    public async Task Dead_letter_that_is_replayed_is_applied_when_its_reason_is_gone()
    {
        await using var local = await StartAsync("--in-memory");
        using var api = new Api(local.Url);
        await Bus.SendAsync(local, Bus.Message(Event("early", "evaluation.record", new { model = "late", version = 1, dataset = new { name = "holdout", digest = "abc123" }, metrics = new[] { new { key = "accuracy", value = 0.9, n = 1000 } }, evaluator = "tests" })));
        await Bus.SettledAsync(api, deadLetters: 1);
        var id = (await api.GetAsync("/api/v1/queues/metadata-ingest/dead-letters")).Ok()["deadLetters"]![0]!["id"]!.ToString();

        (await api.PostAsync("registered-models/create", new { name = "late" })).Ok();
        (await api.PostAsync("model-versions/create", new { name = "late", source = "s3://bucket/model" })).Ok();
        (await api.PostAsync($"/api/v1/queues/metadata-ingest/dead-letters/{id}/replay", new { })).Ok();
        await Bus.SettledAsync(api, deadLetters: 0);

        Assert.Single((await api.GetAsync("/api/v1/models/late/versions/1/evaluations")).Ok()["evaluations"]!.AsArray());
    }

    /// <summary>Whatever a process was doing when it was killed: what it had settled is there, and when the sender repeats all, each message counts once.</summary>
    [Fact]
    public async Task Killing_the_process_loses_nothing_that_was_settled_and_repeating_doubles_nothing()
    {
        const int Count = 400;
        string run;
        long settled;
        await using (var first = await StartAsync("--data", folder.FullName))
        {
            using var api = new Api(first.Url);
            run = await api.CreateRunAsync("0");
            await Bus.SendAsync(first, [.. Enumerable.Range(1, Count).Select(i => LogBatch(run, i))]);
            long waiting;
            while ((waiting = await Bus.WaitingAsync(api)) > Count - 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
            }
            settled = Count - waiting;
            await first.CrashAsync(Ct);
        }
        await using var second = await StartAsync("--data", folder.FullName);
        using var again = new Api(second.Url);
        Assert.InRange(await PointsAsync(again, run), settled, Count);

        var shuffled = Enumerable.Range(1, Count).Concat(Enumerable.Range(1, Count)).ToArray();
        new Random(5).Shuffle(shuffled);
        await Bus.SendAsync(second, [.. shuffled.Select(i => LogBatch(run, i))]);
        await Bus.SettledAsync(again, deadLetters: 0);

        Assert.Equal(Count, await PointsAsync(again, run));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static Task<LocalProcess> StartAsync(params string[] arguments) => LocalProcess.StartAsync(Assembly, arguments, null, Ct);

    private static byte[] LogBatch(string run, int i) => Event($"log-{i}", "run.log-batch", new { run_id = run, metrics = new[] { new { key = "loss", value = 1.0 / i, timestamp = 1_700_000_000_000 + i, step = i } } });

    private static byte[] Tag(string run, string key, string value) => Event($"{key}-{value}", "run.set-tag", new { run_id = run, key, value });

    private static byte[] Event(string id, string verb, object data) => Bus.Event("/tests/ingest", id, verb, data);

    // A replayed letter that is still bad comes back as a dead letter; it is counted, not lost.
    private static async Task EmptyAsync(Api api, int expected)
    {
        foreach (var letter in (await api.GetAsync("/api/v1/queues/metadata-ingest/dead-letters")).Ok()["deadLetters"]!.AsArray())
        {
            (await api.PostAsync($"/api/v1/queues/metadata-ingest/dead-letters/{letter!["id"]}/replay", new { })).Ok();
        }
        await Bus.SettledAsync(api, expected);
    }

    private static async Task<int> PointsAsync(Api api, string run)
    {
        var (points, token) = (0, "");
        do
        {
            var page = (await api.GetAsync("metrics/get-history", [("run_id", run), ("metric_key", "loss"), ("max_results", "1000"), .. token.Length > 0 ? [("page_token", token)] : ((string, string)[])[]])).Ok();
            points += page["metrics"]?.AsArray().Count ?? 0;
            token = page["next_page_token"]?.ToString() ?? "";
        }
        while (token.Length > 0);
        return points;
    }
}
