using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.StorageTests.Messages;

namespace ServerlessMeta.StorageTests.Runs;

/// <summary>A message changes its run once, however often and wherever it comes. The counter that the messages raise would show a second time.</summary>
public sealed class ReceiptTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_logs_costs_one_operation_and_a_known_one_two()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();

        var first = await Instance.CountAsync(async () => Assert.False((await store.DeliverAsync("1", Logging(run, 1000))).IsKnown));
        var known = await Instance.CountAsync(async () => Assert.True((await store.DeliverAsync("1", Logging(run, 1000))).IsKnown));
        var next = await Instance.CountAsync(async () => Assert.False((await store.DeliverAsync("2", Logging(run, 1000))).IsKnown));
        await using var other = await store.AnotherAsync();
        var cold = await Instance.CountAsync(async () => Assert.True((await other.DeliverAsync("1", Logging(run, 1000))).IsKnown));

        Assert.Equal((1, 2, 1, 3), (first, known, next, cold));
        Assert.Equal(2, (await Messaging.ReceiptsAsync(store.Table)).Count);
    }

    [Fact]
    public async Task What_came_without_a_message_writes_no_receipt_and_stays_a_merge()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();

        Assert.True((await store.Runs.LogAsync(run, Logs.Point("loss", 1, 1), Ct)).IsOk);

        Assert.Empty(await Messaging.ReceiptsAsync(store.Table));
    }

    [Fact]
    public async Task Sixty_four_messages_of_a_run_share_one_or_two_writes_and_are_all_known_afterwards()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Runs.LogAsync(run, Logs.Point("loss", 0, 0), Ct);
        var before = await RevisionAsync(store, run);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => store.DeliverAsync(Name(i), Raising(run))));

        Assert.InRange(await RevisionAsync(store, run) - before, 1, 3);
        Assert.All(receipts, static receipt => Assert.False(receipt.IsKnown));
        Assert.Equal("64", await CountedAsync(store, run));

        var again = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => store.DeliverAsync(Name(i), Raising(run))));
        Assert.All(again, static receipt => Assert.True(receipt.IsKnown));
        Assert.Equal("64", await CountedAsync(store, run));
    }

    [Fact]
    public async Task Equal_messages_in_one_group_are_applied_once()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();

        var receipts = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => store.DeliverAsync(Name(i % 20), Raising(run))));

        Assert.Equal("20", await CountedAsync(store, run));
        Assert.Equal(40, receipts.Count(static receipt => receipt.IsKnown));
    }

    [Fact]
    public async Task Three_instances_that_get_the_same_messages_at_once_apply_each_once_and_mix_with_calls()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await using var two = await store.AnotherAsync();
        await using var three = await store.AnotherAsync();

        await Task.WhenAll(new[] { store, two, three }.SelectMany(instance => Enumerable.Range(0, 40).Select(async i =>
        {
            await instance.DeliverAsync(Name(i), Raising(run));
            Assert.True((await instance.Runs.SetTagAsync(run, "calls", Raise, Ct)).IsOk);
        })));

        Assert.Equal("40", await CountedAsync(store, run));
        Assert.Equal("120", await CountedAsync(store, run, "calls"));
    }

    [Fact]
    public async Task A_change_that_changed_nothing_changes_nothing_when_it_comes_again_later()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Runs.LogAsync(run, Logs.TagOf("a", "1"), Ct);

        Assert.False((await store.DeliverAsync("same", one => one.Runs.LogAsync(run, Logs.TagOf("a", "1"), Ct))).IsKnown);
        await store.Runs.LogAsync(run, Logs.TagOf("a", "2"), Ct);
        Assert.True((await store.DeliverAsync("same", one => one.Runs.LogAsync(run, Logs.TagOf("a", "1"), Ct))).IsKnown);

        Assert.Equal("2", await CountedAsync(store, run, "a"));
    }

    [Fact]
    public async Task A_refused_message_leaves_no_receipt_and_is_applied_when_it_may_be()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        Assert.True((await store.Runs.DeleteAsync(run, Ct)).IsOk);

        var (answer, receipt) = await store.ApplyAsync("1", Raising(run));
        Assert.IsType<Failure.WrongStage>(answer.Failure);
        Assert.False(receipt.IsKnown);
        Assert.Empty(await Messaging.ReceiptsAsync(store.Table));

        Assert.True((await store.Runs.RestoreAsync(run, Ct)).IsOk);
        Assert.False((await store.DeliverAsync("1", Raising(run))).IsKnown);
        Assert.Equal("1", await CountedAsync(store, run));
    }

    [Fact]
    public async Task A_message_that_was_applied_is_known_also_when_it_would_be_refused_by_now()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Runs.LogAsync(run, Logs.TagOf("a", "1"), Ct);
        await store.DeliverAsync("untag", one => one.Runs.DeleteTagAsync(run, "a", Ct));
        await store.DeliverAsync("count", Raising(run));

        Assert.True((await store.DeliverAsync("untag", one => one.Runs.DeleteTagAsync(run, "a", Ct))).IsKnown);
        Assert.True((await store.Runs.DeleteAsync(run, Ct)).IsOk);
        Assert.True((await store.DeliverAsync("count", Raising(run))).IsKnown);
    }

    [Fact]
    public async Task A_message_that_creates_a_run_makes_one_run()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: [("Experiments:PartitionBits", "4")]);
        var experiment = (await store.Experiments.CreateAsync(new("spread", null, []), Ct)).Value;
        await using var two = await store.AnotherAsync();
        var made = await Task.WhenAll(new[] { store, two, store, two }.Select(one => one.ApplyAsync("create", Creating(experiment.Id))));
        var late = await store.ApplyAsync("create", Creating(experiment.Id));

        Assert.Single(made.Append(late).Select(static one => one.Answer.Value.Info.Id).Distinct());
        Assert.Equal(4, made.Append(late).Count(static one => one.Receipt.IsKnown));
        Assert.True((await store.Experiments.DeleteAsync(experiment.Id, Ct)).IsOk);
        Assert.True((await store.DeliverAsync("create", Creating(experiment.Id))).IsKnown);
        Assert.Equal(2, await Instance.CountAsync(() => store.ApplyAsync("other", Creating(default))));
    }

    [Fact]
    public async Task A_message_and_a_call_with_one_key_make_one_run()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var called = (await Creating(default, "key")(store)).Value.Info.Id;

        var (answer, receipt) = await store.ApplyAsync("create", Creating(default, "key"));
        Assert.Equal(called, answer.Value.Info.Id);
        Assert.False(receipt.IsKnown);
        Assert.True((await store.DeliverAsync("create", Creating(default, "key"))).IsKnown);

        // Its sender uses an id twice: what it says the second time is not done.
        Assert.True((await store.DeliverAsync("create", Creating(default, "another"))).IsKnown);
        Assert.Single(await store.Table.QueryAsync<TableEntity>(static row => row.RowKey.CompareTo("r|") >= 0 && row.RowKey.CompareTo("r}") < 0, cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_message_says_when_the_next_one_may_follow()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var receipt = new Receipt("test", "1", store.Time.GetUtcNow());
        Task<Result<RunInfo>> applying;
        using (receipt.Begin())
        {
            applying = store.Runs.SetTagAsync(run, "count", Raise, Ct);
        }
        await receipt.Entered.WaitAsync(TimeSpan.FromSeconds(10), Ct);

        Assert.True((await applying).IsOk);
        Assert.Null(Receipt.Current);
    }

    [Fact]
    public async Task A_spill_carries_the_receipts_of_its_group()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        for (var batch = 0; batch < 60; batch++)
        {
            var at = batch;
            await Task.WhenAll(Enumerable.Range(0, 2).Select(i => store.DeliverAsync(Name((at * 2) + i), one => one.Runs.LogAsync(run, Logs.Noise(1000, 40, at, (at * 50) + (i * 25)), Ct))));
        }

        Assert.Equal(120, (await Messaging.ReceiptsAsync(store.Table)).Count);
        Assert.Contains(await store.Table.QueryAsync<TableEntity>(cancellationToken: Ct).ToListAsync(Ct), static row => row.RowKey.StartsWith("s|", StringComparison.Ordinal));
        Assert.Equal(3000, (await store.History.ListAsync(run, "m7", null, null, Ct)).Value.Items.Length);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task Whichever_request_fails_a_message_that_comes_again_is_applied_once(bool afterEffect, int retries)
    {
        for (var n = 1; n <= 6; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            var run = await store.CreateRunAsync();
            await using var faulty = await store.AnotherAsync(faults);
            await using var other = await store.AnotherAsync();

            faults.Arm(n);
            await Task.WhenAll(Enumerable.Range(0, 5).Select(async i =>
            {
                await faulty.DeliverAsync(Name(i % 3), Raising(run));
                Assert.True((await other.Runs.SetTagAsync(run, "calls", Raise, Ct)).IsOk);
            }));
            await Task.WhenAll(Enumerable.Range(0, 3).Select(i => other.DeliverAsync(Name(i), Raising(run))));

            Assert.Equal("3", await CountedAsync(store, run));
            Assert.Equal("5", await CountedAsync(store, run, "calls"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_request_fails_a_message_creates_one_run_and_logs_its_inputs_once(bool afterEffect)
    {
        for (var n = 1; n <= 8; n++)
        {
            var faults = new FaultPolicy(afterEffect, 2);
            await using var store = await Instance.StartAsync(azurite.ConnectionString, faults: faults);

            faults.Arm(n);
            await store.DeliverAsync("create", Creating(default));
            faults.Arm(int.MaxValue);
            var rows = await store.Table.QueryAsync<TableEntity>(static row => row.RowKey.CompareTo("r|") >= 0 && row.RowKey.CompareTo("r}") < 0, cancellationToken: Ct).ToListAsync(Ct);
            var run = RunKeys.RunOf(Assert.Single(rows).RowKey);

            faults.Arm(n);
            await store.DeliverAsync("inputs", one => one.Lineage.LogInputsAsync(run, [new("data", "d1", "local", "file:///data", "{}", null, [])], [], Ct));
            faults.Arm(int.MaxValue);
            Assert.True((await store.DeliverAsync("inputs", one => one.Lineage.LogInputsAsync(run, [new("data", "d1", "local", "file:///data", "{}", null, [])], [], Ct))).IsKnown);
            Assert.Single((await store.VersionReader.ListUsesAsync("data", new(1, null), 10, null, Ct)).Value.Items);
        }
    }

    [Fact]
    public async Task Large_inputs_of_a_message_are_logged_though_the_run_is_looked_at_first()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await using var cold = await store.AnotherAsync();
        var profile = new string('p', 200_000);

        Assert.False((await cold.DeliverAsync("inputs", one => one.Lineage.LogInputsAsync(run, [new("data", "d1", "local", "file:///data", "{}", profile, [])], [], Ct))).IsKnown);

        Assert.Equal(profile, Assert.Single((await store.Runs.FindAsync(run, Ct))!.Datasets).Profile);
    }

    private static Func<Instance, Task<Result<RunInfo>>> Logging(RunId run, int points) => store => store.Runs.LogAsync(run, Logs.Noise(points, 20, 1), Ct);

    private static Func<Instance, Task<Result<RunInfo>>> Raising(RunId run) => store => store.Runs.SetTagAsync(run, "count", Raise, Ct);

    private static Func<Instance, Task<Result<Run>>> Creating(ServerlessMeta.Experiments.ExperimentId experiment, string? key = null) => store =>
        store.Runs.CreateAsync(new NewRun(experiment, "run", "", DateTimeOffset.UnixEpoch, []) { IdempotencyKey = key }, Ct);

    private static Result<string> Raise(string? value) => (int.Parse(value ?? "0", CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);

    private static string Name(int i) => i.ToString(CultureInfo.InvariantCulture);

    private static async Task<long> RevisionAsync(Instance store, RunId run) =>
        (await store.Table.GetEntityAsync<TableEntity>(RunKeys.Partition(run), RunKeys.Run(run), cancellationToken: Ct)).Value.GetInt64("rev")!.Value;

    private static async Task<string?> CountedAsync(Instance store, RunId run, string tag = "count") => (await store.Runs.FindAsync(run, Ct))!.Tags.Single(one => one.Key == tag).Value;
}
