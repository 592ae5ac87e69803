using System.Globalization;
using System.Text;
using ServerlessMeta.App.Messages;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Audit;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Metrics;
using ServerlessMeta.Models;
using ServerlessMeta.Runs;
using static ServerlessMeta.StorageTests.Messages.WholeStore;

namespace ServerlessMeta.StorageTests.Messages;

/// <summary>Messages against the whole store: each is applied as its request would be, once, in the order of its run, and a bad one holds up nothing.</summary>
public sealed class MessageEntryTests(AzuriteFixture azurite)
{
    private static readonly MessageOutcome Complete = new MessageOutcome.Complete();
    private static readonly MessageOutcome Abandon = new MessageOutcome.Abandon();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_operation_does_what_its_request_does()
    {
        await using var store = await StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var id = run.ToString();
        await store.Service<ModelStore>().CreateAsync(new NewModel("churn"), Ct);
        await store.Service<ModelVersionStore>().CreateAsync("churn", new NewModelVersion("s3://b/m"), Ct);

        var outcomes = await store.HandleAsync(
            Message("1", "run.log-batch", new { run_id = id, metrics = new[] { new { key = "loss", value = 0.5, timestamp = 1_700_000_000_000, step = 1 } }, @params = new[] { new { key = "lr", value = "0.1" } } }),
            Message("2", "run.set-tag", new { run_id = id, key = "team", value = "growth" }),
            Message("3", "run.log-inputs", new { run_id = id, datasets = new[] { new { dataset = new { name = "train", digest = "abc", source_type = "local", source = "{}" } } } }),
            Message("4", "run.update", new { run_id = id, status = "FINISHED", end_time = 1_700_000_001_000 }),
            Message("5", "run.create", new { experiment_id = "0", run_name = "by message" }),
            Message("6", "artifact.register", new { name = "data/raw", type = "dataset", uri = "s3://b/raw", md5 = "0123456789abcdef0123456789abcdef" }),
            Message("7", "evaluation.record", new { model = "churn", version = 1, dataset = new { name = "holdout", digest = "d" }, metrics = new[] { new { key = "accuracy", value = 0.9 } } }),
            Message("8", "evaluation.record", new { dataset = new { name = "second", digest = "d" }, metrics = new[] { new { key = "accuracy", value = 0.8 } } }, subject: "models/churn/versions/1"),
            Window("9", "first"),
            Message("10", "labels.post", new { model = "churn", version = "1", batch = "b", labels = new[] { new { predictionId = "p", label = 1 } } }),
            Message("11", "retrain.completed", new { status = "failed" }, subject: $"triggers/{new string('0', 32)}"));

        Assert.Equal(Enumerable.Repeat(Complete, 10), outcomes.SkipLast(1));
        Assert.Equal("NOT_FOUND", Assert.IsType<MessageOutcome.DeadLetter>(outcomes[^1]).Reason);
        Assert.NotEmpty(await MonitoredAsync(store));
        var found = (await store.Runs.FindAsync(run, Ct))!;
        Assert.Equal((RunStatus.Finished, "0.1", "growth"), (found.Info.Status, found.Params.Single(static p => p.Key == "lr").Value, found.Tags.Single(static t => t.Key == "team").Value));
        Assert.Equal(0.5, Assert.Single((await store.Service<MetricHistory>().ListAsync(run, "loss", null, null, Ct)).Value.Items).Value);
        Assert.Equal("train", Assert.Single(found.Datasets).Name);
        Assert.True((await store.Service<ArtifactVersionReader>().FindAsync("data/raw", Ct)).IsOk);
        Assert.Equal(2, (await EvaluationsAsync(store)).Count);
        var entries = (await store.Service<AuditReader>().ListAsync(new AuditQuery { Object = $"run:{id}" }, 100, null, Ct)).Value.Items;
        Assert.All(entries.Where(static entry => entry.Action != "run.create"), static entry => Assert.Equal(("service-bus", "bus:/jobs/a"), (entry.By, entry.Source)));
        Assert.Contains(entries, static entry => entry.Action == "run.inputs");
    }

    [Fact]
    public async Task A_message_that_comes_again_under_any_message_id_changes_not_a_row()
    {
        await using var store = await StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var messages = await StoryAsync(store);
        Assert.Equal(Enumerable.Repeat(Complete, messages.Length), await store.HandleAsync(messages));
        var before = await store.RowsAsync();

        foreach (var one in new[] { store, other })
        {
            IncomingMessage[] again = [.. messages.Select(static (message, i) => message with { MessageId = FormattableString.Invariant($"again {i}"), DeliveryCount = 3 }).Reverse()];
            Assert.Equal(Enumerable.Repeat(Complete, messages.Length), await one.HandleAsync(again));
        }

        var after = await store.RowsAsync();
        Assert.Empty(after.Except(before));
        Assert.Empty(before.Except(after));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Shuffled_repeated_and_scattered_over_instances_messages_leave_the_same_records(int seed)
    {
        await using var first = await StartAsync(azurite.ConnectionString);
        await using var second = await first.AnotherAsync();
        await using var orderly = await StartAsync(azurite.ConnectionString);
        var random = new Random(seed);
        var messages = await StoryAsync(first);
        await orderly.HandleAsync(await StoryAsync(orderly));

        IncomingMessage[] deliveries = [.. messages, .. messages, .. messages.Where(_ => random.Next(2) == 0)];
        random.Shuffle(deliveries);
        var batches = deliveries.Chunk(random.Next(3, 9)).ToList();
        var outcomes = await Task.WhenAll(batches.Select((batch, i) => (i % 2 == 0 ? first : second).Entry.HandleAsync(batch, Ct)));

        Assert.All(outcomes.SelectMany(static batch => batch), static outcome => Assert.Equal(Complete, outcome));
        Assert.Equal(await RecordsAsync(orderly), await RecordsAsync(first));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_fault_of_storage_left_half_done_is_finished_by_the_next_delivery(bool afterEffect)
    {
        await using var clean = await StartAsync(azurite.ConnectionString);
        await clean.HandleAsync(await StoryAsync(clean, copies: 1));
        var expected = await RecordsAsync(clean);

        for (var n = 1; ; n += 6)
        {
            var struck = await Task.WhenAll(Enumerable.Range(n, 6).Select(async request => await StrikesAsync(new FaultPolicy(afterEffect, retries: 6), request, expected)));
            if (struck.Contains(false))
            {
                return;
            }
        }
    }

    [Fact]
    public async Task Poison_among_good_messages_is_put_aside_with_its_reason()
    {
        await using var store = await StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();

        var outcomes = await store.HandleAsync(
            Tag("1", run, "a", "1"),
            Body("no event", null, "2"),
            Message("3", "run.explode", new { run_id = run.ToString() }),
            Tag("4", run, "b", "2"),
            Message("5", "run.set-tag", new { run_id = new string('0', 31) + "1", key = "k", value = "v" }),
            Message("6", "run.set-tag", new { run_id = run.ToString(), value = "v" }),
            Message("7", "evaluation.record", new { model = "nobody", version = 1, metrics = Array.Empty<string>(), colour = 1 }),
            Message("8", "window.post", new { id = "w" }),
            Message("9", "run.set-tag", new { run_id = run.ToString(), key = "c", value = "3" }) with { Body = BinaryData.FromBytes(new byte[300 * 1024]) },
            Tag("10", run, "c", "3"));

        Assert.Equal([true, false, false, true, false, false, false, false, false, true], outcomes.Select(static outcome => outcome is MessageOutcome.Complete));
        var dead = outcomes.OfType<MessageOutcome.DeadLetter>().ToList();
        Assert.Equal(["NOT_JSON", "UNKNOWN_TYPE", "RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE", "INVALID", "NO_TARGET", "TOO_LARGE"], dead.Select(static letter => letter.Reason));
        Assert.StartsWith("There is no operation 'dev.serverlessmeta.run.explode.v1'; there are dev.serverlessmeta.artifact.register.v1, ", dead[1].Description, StringComparison.Ordinal);
        Assert.Equal("Run with id=00000000000000000000000000000001 not found", dead[2].Description);
        Assert.Contains("'key'", dead[3].Description, StringComparison.Ordinal);
        Assert.Contains("colour: There is no such field", dead[4].Description, StringComparison.Ordinal);
        Assert.Contains("dataset: It is needed.", dead[4].Description, StringComparison.Ordinal);
        Assert.Equal(["1", "2", "3"], (await store.Runs.FindAsync(run, Ct))!.Tags.Where(static tag => tag.Key.Length == 1).OrderBy(static tag => tag.Key, StringComparer.Ordinal).Select(static tag => tag.Value));
    }

    [Fact]
    public async Task A_batch_of_events_is_applied_but_for_those_it_names()
    {
        await using var store = await StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var message = Batch("m",
            Event("1", "run.set-tag", new { run_id = run.ToString(), key = "a", value = "1" }), new { id = "2" }, Event("3", "run.set-tag", new { run_id = "none", key = "a", value = "2" }),
            Event("4", "run.set-tag", new { run_id = run.ToString(), key = "b", value = "2" }));

        var dead = Assert.IsType<MessageOutcome.DeadLetter>(Assert.Single(await store.HandleAsync(message)));
        var before = await store.RowsAsync();

        Assert.Equal("NOT_A_CLOUD_EVENT", dead.Reason);
        Assert.StartsWith("2 of 4 events were refused, the others applied: [1] 2 NOT_A_CLOUD_EVENT: specversion: it is needed, and is 1.0.", dead.Description, StringComparison.Ordinal);
        Assert.Contains("[2] 3 RESOURCE_DOES_NOT_EXIST: ", dead.Description, StringComparison.Ordinal);
        Assert.Equal(2, (await store.Runs.FindAsync(run, Ct))!.Tags.Count(static tag => tag.Key is "a" or "b"));
        Assert.Equal(dead, Assert.Single(await store.HandleAsync(message)));
        Assert.Equal(before, await store.RowsAsync());
    }

    [Fact]
    public async Task Messages_of_a_run_take_effect_in_their_order()
    {
        await using var store = await StartAsync(azurite.ConnectionString);
        RunId[] runs = [await store.CreateRunAsync("1"), await store.CreateRunAsync("2"), await store.CreateRunAsync("3")];

        var outcomes = await store.HandleAsync([.. Enumerable.Range(0, 150).Select(i => Tag(FormattableString.Invariant($"{i}"), runs[i % 3], "n", i.ToString(CultureInfo.InvariantCulture)))]);

        Assert.All(outcomes, static outcome => Assert.Equal(Complete, outcome));
        Assert.Equal(["147", "148", "149"], await Task.WhenAll(runs.Select(async run => (await store.Runs.FindAsync(run, Ct))!.Tags.Single(static tag => tag.Key == "n").Value)));
    }

    [Fact]
    public async Task A_message_twice_in_a_batch_is_applied_once()
    {
        await using var store = await StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var message = Message("1", "artifact.register", new { name = "a", type = "dataset", uri = "s3://b/a", md5 = "0123456789abcdef0123456789abcdef" });

        var outcomes = await store.HandleAsync(Tag("0", run, "n", "1"), message, message with { MessageId = "2" }, Tag("0", run, "n", "1"), Tag("9", run, "n", "2"), Tag("0", run, "n", "1"));

        Assert.All(outcomes, static outcome => Assert.Equal(Complete, outcome));
        Assert.Equal("2", (await store.Runs.FindAsync(run, Ct))!.Tags.Single(static tag => tag.Key == "n").Value);
    }

    [Fact]
    public async Task Sixty_four_messages_of_a_run_that_come_at_once_are_one_operation()
    {
        var counts = new CountPolicy();
        await using var store = await StartAsync(azurite.ConnectionString, null, counts);
        var run = await store.CreateRunAsync();
        var messages = Enumerable.Range(0, 64).Select(i => Message(FormattableString.Invariant($"{i}"), "run.log-batch", new
        {
            run_id = run.ToString(),
            metrics = Enumerable.Range(0, 100).Select(step => new { key = "loss", value = 1.0 / (step + 1), timestamp = 1_700_000_000_000 + step, step = (i * 100) + step }),
        })).ToArray();

        counts.Begin();
        var outcomes = await store.HandleAsync(messages);

        Assert.All(outcomes, static outcome => Assert.Equal(Complete, outcome));
        Assert.Equal("POST devstoreaccount1/$batch", Assert.Single(counts.Requests));
        Assert.Equal(6_400, (await store.Service<MetricHistory>().ListAsync(run, "loss", 20_000, null, Ct)).Value.Items.Length);
    }

    [Fact]
    public async Task Behind_a_message_that_has_to_come_again_the_run_waits_and_other_runs_do_not()
    {
        var fault = new FaultPolicy(afterEffect: false, retries: 1000);
        await using var store = await StartAsync(azurite.ConnectionString, null, fault);
        await using var healthy = await store.AnotherAsync();
        var run = await store.CreateRunAsync();
        fault.Arm(1);

        var outcomes = await store.HandleAsync(Tag("1", run, "n", "1"), Body("poison", null, "2"), Tag("3", run, "n", "2"), Tag("4", run, "n", "3"));

        Assert.Equal(Abandon, outcomes[0]);
        Assert.IsType<MessageOutcome.DeadLetter>(outcomes[1]);
        Assert.Equal([Abandon, Abandon], outcomes.Skip(2));
        Assert.DoesNotContain((await healthy.Runs.FindAsync(run, Ct))!.Tags, static tag => tag.Key == "n");
        Assert.Equal([Complete, Complete, Complete], await healthy.HandleAsync(Tag("1", run, "n", "1"), Tag("3", run, "n", "2"), Tag("4", run, "n", "3")));
        Assert.Equal("3", (await healthy.Runs.FindAsync(run, Ct))!.Tags.Single(static tag => tag.Key == "n").Value);
    }

    [Fact]
    public async Task After_an_outage_in_the_midst_of_a_run_the_last_message_still_has_the_last_word()
    {
        // The first write and its tries, and the look at what became of it; then storage is well again.
        var fault = new FaultPolicy(afterEffect: false, retries: 5);
        await using var store = await StartAsync(azurite.ConnectionString, null, fault);
        var run = await store.CreateRunAsync();
        var messages = Enumerable.Range(0, 100).Select(i => Tag(FormattableString.Invariant($"{i}"), run, "n", i.ToString(CultureInfo.InvariantCulture))).ToArray();
        fault.Arm(1);

        var outcomes = await store.HandleAsync(messages);

        Assert.True(fault.Struck);
        Assert.Equal(Abandon, outcomes[0]);
        Assert.All(await store.HandleAsync([.. messages.Where((_, i) => outcomes[i] == Abandon)]), static outcome => Assert.Equal(Complete, outcome));
        Assert.Equal("99", (await store.Runs.FindAsync(run, Ct))!.Tags.Single(static tag => tag.Key == "n").Value);
    }

    [Fact]
    public async Task A_bug_of_the_stores_takes_no_other_message_with_it()
    {
        var bug = new BugPolicy("rules");
        await using var store = await StartAsync(azurite.ConnectionString, null, bug);
        var trigger = new string('0', 32);
        bug.Arm();

        var outcomes = await store.HandleAsync(Message("1", "retrain.started", new { }, subject: $"triggers/{trigger}"), Message("2", "retrain.started", new { trigger }));

        Assert.Equal(Abandon, outcomes[0]);
        Assert.Equal("NOT_FOUND", Assert.IsType<MessageOutcome.DeadLetter>(outcomes[1]).Reason);
    }

    [Fact]
    public async Task A_known_message_comes_again_until_what_follows_from_it_is_stored()
    {
        var bug = new BugPolicy("loggedModels", onlyWrites: true);
        await using var store = await StartAsync(azurite.ConnectionString, null, bug);
        var run = await store.CreateRunAsync();
        var model = (await store.Service<LoggedModelStore>().CreateAsync(new NewLoggedModel(default, "m"), Ct)).Value.Id;
        var message = Message("1", "run.log-batch", new { run_id = run.ToString(), metrics = new[] { new { key = "loss", value = 0.5, timestamp = 1_700_000_000_000, step = 1, model_id = model.ToString() } } });

        for (var delivery = 0; delivery < 3; delivery++)
        {
            bug.Arm();
            Assert.Equal([Abandon], await store.HandleAsync(message));
            Assert.Single((await store.Service<MetricHistory>().ListAsync(run, "loss", null, null, Ct)).Value.Items);
            Assert.Empty((await store.Service<LoggedModelStore>().FindAsync(model, Ct))!.Metrics);
        }

        Assert.Equal([Complete], await store.HandleAsync(message));
        Assert.Equal(0.5, Assert.Single((await store.Service<LoggedModelStore>().FindAsync(model, Ct))!.Metrics).Point.Value);
    }

    [Fact]
    public async Task A_host_that_stops_leaves_its_messages()
    {
        await using var store = await StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();

        Assert.Equal([Abandon], await store.Entry.HandleAsync([Tag("1", run, "n", "1")], stopping.Token));
        Assert.Equal([Complete], await store.HandleAsync(Tag("1", run, "n", "1")));
    }

    [Fact]
    public async Task Nothing_beside_it_makes_a_message_more_than_a_writer()
    {
        await using var store = await StartAsync(azurite.ConnectionString);
        var answer = await store.Service<OperationRunner>().RunAsync(
            new IngestRequest("POST", "/api/v1/tokens", "/api/v1/tokens", Encoding.UTF8.GetBytes("""{"name":"eve","role":"admin"}"""), null), new ServerlessMeta.Access.Caller("service-bus", ServerlessMeta.Access.Role.Writer, "bus:x"), Ct);

        Assert.Equal((403, "PERMISSION_DENIED"), (answer.Status, answer.Code));
    }

    // Whether there was an n-th request to fail.
    private async Task<bool> StrikesAsync(FaultPolicy fault, int request, List<string> expected)
    {
        await using var store = await StartAsync(azurite.ConnectionString, null, fault);
        var messages = await StoryAsync(store, copies: 1);
        fault.Arm(request);
        var outcomes = await store.HandleAsync(messages);
        var struck = fault.Struck;
        fault.Arm(int.MaxValue);
        Assert.DoesNotContain(outcomes, static outcome => outcome is MessageOutcome.DeadLetter);

        // The host is gone before it settled any: all of them come again, to another.
        await using var next = await store.AnotherAsync();
        Assert.Equal(Enumerable.Repeat(Complete, messages.Length), await next.HandleAsync(messages));
        Assert.Equal(expected, await RecordsAsync(next));
        return struck;
    }

    private static IncomingMessage Tag(string id, RunId run, string key, string value) => Message(id, "run.set-tag", new { run_id = run.ToString(), key, value });

    // Messages whose records do not depend on their order; what they say a second time is refused or counted by the stores, unless it is known.
    private static async Task<IncomingMessage[]> StoryAsync(WholeStore store, int copies = 3)
    {
        var run = (await store.CreateRunAsync()).ToString();
        if (!(await store.Service<ModelStore>().FindAsync("churn", Ct)).IsOk)
        {
            await store.Service<ModelStore>().CreateAsync(new NewModel("churn"), Ct);
            await store.Service<ModelVersionStore>().CreateAsync("churn", new NewModelVersion("s3://b/m"), Ct);
        }
        return
        [
            .. Enumerable.Range(0, copies + 1).Select(i => Message(FormattableString.Invariant($"log {i}"), "run.log-batch", new
            {
                run_id = run,
                metrics = new[] { new { key = "loss", value = 1.0 / (i + 1), timestamp = 1_700_000_000_000, step = i } },
                @params = new[] { new { key = FormattableString.Invariant($"p{i}"), value = "x" } },
            })),
            .. Enumerable.Range(0, copies).Select(i => Message(FormattableString.Invariant($"tag {i}"), "run.set-tag", new { run_id = run, key = FormattableString.Invariant($"t{i}"), value = "x" })),
            Message("input", "run.log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "train", digest = "abc", source_type = "local", source = "{}" } } } }),
            Message("create", "run.create", new { experiment_id = "0", run_name = "by message", start_time = 1_700_000_000_000 }),
            .. Enumerable.Range(0, copies).Select(i => Message(FormattableString.Invariant($"artifact {i}"), "artifact.register", new { name = FormattableString.Invariant($"data/{i}"), type = "dataset", uri = "s3://b/raw", md5 = "0123456789abcdef0123456789abcdef" })),
            .. Enumerable.Range(0, copies).Select(i => Message(FormattableString.Invariant($"evaluation {i}"), "evaluation.record",
                new { model = "churn", version = 1, dataset = new { name = FormattableString.Invariant($"d{i}"), digest = "d" }, metrics = new[] { new { key = "accuracy", value = 0.9 } } })),
            .. Enumerable.Range(0, copies).Select(i => Window(FormattableString.Invariant($"window {i}"), FormattableString.Invariant($"part {i}"))),
            .. Enumerable.Range(0, copies).Select(i => Message(FormattableString.Invariant($"labels {i}"), "labels.post", new { labels = new[] { new { predictionId = FormattableString.Invariant($"p{i}"), label = i } } }, subject: "models/churn/versions/1")),
        ];
    }

    // What the story leaves, as anybody reads it: each thing and how often it is there.
    private static async Task<List<string>> RecordsAsync(WholeStore store)
    {
        var run = await store.CreateRunAsync();
        var found = (await store.Runs.FindAsync(run, Ct))!;
        var entries = (await store.Service<AuditReader>().ListAsync(new AuditQuery { Object = $"run:{run}" }, 100, null, Ct)).Value.Items;
        var made = new List<string>();
        await foreach (var row in store.Storage.Runs.QueryAsync<Azure.Data.Tables.TableEntity>(static row => row.RowKey.CompareTo("r|") > 0 && row.RowKey.CompareTo("r}") < 0, cancellationToken: Ct))
        {
            made.Add(row.RowKey);
        }
        var versions = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var listed = await store.Service<ArtifactVersionReader>().ListVersionsAsync(FormattableString.Invariant($"data/{i}"), 10, null, Ct);
            versions.AddRange((listed.IsOk ? listed.Value.Items : []).Select(static version => FormattableString.Invariant($"{version.Name} {version.Number}")));
        }
        return
        [
            .. found.Params.Select(static param => $"param {param.Key} {param.Value}").Order(StringComparer.Ordinal),
            .. found.Tags.Select(static tag => $"tag {tag.Key} {tag.Value}").Order(StringComparer.Ordinal),
            .. found.Datasets.Select(static dataset => $"dataset {dataset.Name}"),
            .. (await store.Service<MetricHistory>().ListAsync(run, "loss", null, null, Ct)).Value.Items.Select(static point => FormattableString.Invariant($"point {point.Step} {point.Value}")).Order(StringComparer.Ordinal),
            .. entries.Select(static entry => $"audit {entry.Action} {entry.By}").Order(StringComparer.Ordinal),
            .. made.Order(StringComparer.Ordinal),
            .. versions,
            .. (await EvaluationsAsync(store)).Order(StringComparer.Ordinal),
            .. await MonitoredAsync(store),
        ];
    }

    // Windows, their parts, and batches of labels, by their keys.
    private static async Task<List<string>> MonitoredAsync(WholeStore store) =>
        [.. (await store.RowsAsync()).Keys.Where(static key => key.StartsWith("monitoring ", StringComparison.Ordinal)).Where(static key => key.Split(' ')[^1] is not ['z' or 'j' or 'y', '|', ..])];

    private static IncomingMessage Window(string id, string part) => Message(id, "window.post",
        new { model = "churn", version = 1, window = "w", part, start = "2026-03-02T00:00:00Z", end = "2026-03-03T00:00:00Z", rows = new[] { new { x = 1.5, colour = "red" }, new { x = 2.5, colour = "blue" } } });

    private static async Task<List<string>> EvaluationsAsync(WholeStore store)
    {
        var model = (await store.Service<ModelStore>().FindAsync("churn", Ct)).Value;
        return [.. (await store.Service<Evaluations.EvaluationStore>().ListAsync(model, 1, new Evaluations.EvaluationFilter(), 100, null, Ct)).Value.Items.Select(static evaluation => $"evaluation {evaluation.Content.Dataset}")];
    }
}
