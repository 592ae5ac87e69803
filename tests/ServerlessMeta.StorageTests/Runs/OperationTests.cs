using System.Globalization;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Runs;

/// <summary>What calls cost, exactly: the table of access patterns in ARCHITECTURE.md.</summary>
public sealed class OperationTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task A_warm_log_call_of_any_size_is_one_operation(int points)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();

        var cost = await Instance.CountAsync(async () => Assert.True((await store.Runs.LogAsync(run, Logs.Noise(points, 20, 1), Ct)).IsOk));

        Assert.Equal(1, cost);
    }

    [Fact]
    public async Task A_cold_log_call_is_two_operations()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await using var other = await store.AnotherAsync();

        var cost = await Instance.CountAsync(async () => Assert.True((await other.Runs.LogAsync(run, Logs.Point("loss", 1, 1), Ct)).IsOk));

        Assert.Equal(2, cost);
    }

    [Fact]
    public async Task A_lost_race_adds_two_operations()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await using var other = await store.AnotherAsync();
        Assert.True((await other.Runs.LogAsync(run, Logs.Point("loss", 1, 1), Ct)).IsOk);

        var cost = await Instance.CountAsync(async () => Assert.True((await store.Runs.LogAsync(run, Logs.Point("loss", 2, 2), Ct)).IsOk));

        Assert.Equal(3, cost);
    }

    [Fact]
    public async Task A_spill_is_one_operation_and_loses_nothing()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        long most = 0;

        for (var batch = 0; batch < 60; batch++)
        {
            var cost = await Instance.CountAsync(async () => Assert.True((await store.Runs.LogAsync(run, Logs.Noise(1000, 20, batch, batch * 50), Ct)).IsOk));
            most = Math.Max(most, cost);
        }

        Assert.Equal(1, most);
        var rows = await store.Table.QueryAsync<Azure.Data.Tables.TableEntity>($"PartitionKey eq '{RunKeys.Partition(run)}'", cancellationToken: Ct).ToListAsync(Ct);
        Assert.Contains(rows, static row => row.RowKey.StartsWith("s|", StringComparison.Ordinal));
        var history = await store.History.ListAsync(run, "m7", null, null, Ct);
        Assert.Equal(3000, history.Value.Items.Length);
    }

    [Fact]
    public async Task Many_small_calls_pack_the_tail_anew_and_stay_one_operation()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        long total = 0;

        for (var step = 0; step < 450; step++)
        {
            var at = step;
            total += await Instance.CountAsync(async () => Assert.True((await store.Runs.LogAsync(run, Logs.Point("loss", at * 0.1, at), Ct)).IsOk));
        }

        Assert.Equal(450, total);
        var history = await store.History.ListAsync(run, "loss", null, null, Ct);
        Assert.Equal(Enumerable.Range(0, 450).Select(static step => (long)step), history.Value.Items.Select(static point => point.Step));
    }

    [Fact]
    public async Task Joined_calls_share_their_operations()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Runs.LogAsync(run, Logs.Point("loss", 0, 0), Ct);
        var before = (await store.Table.GetEntityAsync<Azure.Data.Tables.TableEntity>(RunKeys.Partition(run), RunKeys.Run(run), cancellationToken: Ct)).Value.GetInt64("rev");

        var answers = await Task.WhenAll(Enumerable.Range(1, 64).Select(step => store.Runs.LogAsync(run, Logs.Point("loss", step, step), Ct)));

        Assert.All(answers, static answer => Assert.True(answer.IsOk));
        var after = (await store.Table.GetEntityAsync<Azure.Data.Tables.TableEntity>(RunKeys.Partition(run), RunKeys.Run(run), cancellationToken: Ct)).Value.GetInt64("rev");
        Assert.InRange(after!.Value - before!.Value, 1, 20);
        Assert.Equal(65, (await store.History.ListAsync(run, "loss", null, null, Ct)).Value.Items.Length);
    }

    [Fact]
    public async Task Creating_a_run_is_one_operation_once_the_experiment_is_known()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.CreateRunAsync();

        var cost = await Instance.CountAsync(async () => Assert.True((await store.Runs.CreateAsync(new NewRun(default, "next", "", DateTimeOffset.UnixEpoch, []), Ct)).IsOk));

        Assert.Equal(1, cost);
    }

    [Fact]
    public async Task Reading_a_run_is_two_operations_and_a_history_page_two_at_most()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        for (var batch = 0; batch < 30; batch++)
        {
            await store.Runs.LogAsync(run, Logs.Noise(1000, 20, batch, batch * 50), Ct);
        }

        Assert.Equal(2, await Instance.CountAsync(async () => Assert.NotNull(await store.Runs.FindAsync(run, Ct))));
        Assert.Equal(2, await Instance.CountAsync(async () => Assert.Equal(100, (await store.History.ListAsync(run, "m3", 100, null, Ct)).Value.Items.Length)));
        Assert.Equal(2, await Instance.CountAsync(async () => Assert.Equal(20, (await store.History.ReadAsync(run, [.. Enumerable.Range(0, 20).Select(static metric => $"m{metric}")], 0, Ct)).Value.Length)));
        Assert.Equal(1, await Instance.CountAsync(async () => Assert.Null(await store.History.FindWholeAsync(run, Ct))));
    }

    [Fact]
    public async Task A_refused_change_costs_a_fresh_look_and_stores_nothing()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Runs.LogAsync(run, Logs.Param("lr", "0.1"), Ct);
        var before = (await store.Table.GetEntityAsync<Azure.Data.Tables.TableEntity>(RunKeys.Partition(run), RunKeys.Run(run), cancellationToken: Ct)).Value.ETag;

        var refused = await store.Runs.LogAsync(run, new RunLog([new("loss", 1, 1, 1)], [new Tag("lr", "0.2")], [new Tag("a", "b")]), Ct);

        var changed = Assert.IsType<Failure.ParamsChanged>(refused.Failure);
        Assert.Equal(new ParamChange("lr", "0.1", "0.2"), Assert.Single(changed.Changes));
        Assert.Equal(before, (await store.Table.GetEntityAsync<Azure.Data.Tables.TableEntity>(RunKeys.Partition(run), RunKeys.Run(run), cancellationToken: Ct)).Value.ETag);
    }

    [Fact]
    public async Task Eight_instances_writing_one_run_lose_nothing_and_fail_nothing()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var instances = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.AnotherAsync()));

        var answers = await Task.WhenAll(instances.SelectMany((instance, writer) => Enumerable.Range(0, 20)
            .Select(step => instance.Runs.LogAsync(run, Logs.Point(string.Create(CultureInfo.InvariantCulture, $"m{writer}"), step, step), Ct))));

        Assert.All(answers, static answer => Assert.True(answer.IsOk));
        var found = await store.Runs.FindAsync(run, Ct);
        Assert.Equal(8, found!.Metrics.Length);
        for (var writer = 0; writer < 8; writer++)
        {
            Assert.Equal(20, (await store.History.ListAsync(run, string.Create(CultureInfo.InvariantCulture, $"m{writer}"), null, null, Ct)).Value.Items.Length);
        }
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }
    }
}
