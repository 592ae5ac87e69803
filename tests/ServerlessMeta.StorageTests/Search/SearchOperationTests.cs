using System.Globalization;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Search;

/// <summary>What searches cost, in storage operations.</summary>
public sealed class SearchOperationTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_thousand_cooled_runs_cost_an_idle_search_two_operations_and_one_more_a_written_run()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var runs = await store.CreateRunsAsync(default, 2_000);
        await store.Upkeep.RunAsync(Ct);
        Assert.Equal(2_000, (await store.IdsAsync(default)).Length);

        Assert.InRange(await CostAsync(store), 1, 2);

        await other.Runs.LogAsync(runs[700], Logs.Point("loss", 1, 1), Ct);
        Assert.InRange(await CostAsync(store, "metrics.loss = 1", runs[700]), 1, 3);

        // Once more: what was hot is read beside the question what is.
        await other.Upkeep.RunAsync(Ct);
        Assert.InRange(await CostAsync(store, "metrics.loss = 1", runs[700]), 1, 4);
        Assert.InRange(await CostAsync(store, "metrics.loss = 1", runs[700]), 1, 2);
    }

    [Fact]
    public async Task A_burst_of_new_runs_is_read_by_ranges()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        await store.CreateRunsAsync(default, 100);
        Assert.Equal(100, (await store.IdsAsync(default)).Length);

        var burst = await other.CreateRunsAsync(default, 300);
        long cost = await Instance.CountAsync(async () => Assert.Equal(400, (await store.IdsAsync(default)).Length));
        Assert.InRange(cost, 1, 5);

        await other.Upkeep.RunAsync(Ct);
        Assert.InRange(await Instance.CountAsync(async () => Assert.Equal(400, (await store.IdsAsync(default)).Length)), 1, 4);
        Assert.InRange(await CostAsync(store, $"run_id = '{burst[7]}'", burst[7]), 1, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_search_over_partitions_costs_one_operation_each(int bits)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: ("Experiments:PartitionBits", bits.ToString(CultureInfo.InvariantCulture)));
        await using var other = await store.AnotherAsync();
        var runs = await store.CreateRunsAsync(default, 200);
        await store.Upkeep.RunAsync(Ct);
        Assert.Equal(200, (await store.IdsAsync(default)).Length);

        Assert.InRange(await CostAsync(store), 1, 1 + (1 << bits));

        await other.Runs.LogAsync(runs[70], Logs.Point("loss", 1, 1), Ct);
        Assert.InRange(await CostAsync(store, "metrics.loss = 1", runs[70]), 1, 2 + (1 << bits));
    }

    [Fact]
    public async Task Concurrent_searches_share_their_operations()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.CreateRunsAsync(default, 50);
        await store.Upkeep.RunAsync(Ct);
        await store.IdsAsync(default);

        var cost = await Instance.CountAsync(async () =>
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => store.IdsAsync(default)));
            Assert.All(answers, static answer => Assert.Equal(50, answer.Length));
        });

        Assert.InRange(cost, 2, 20);
    }

    private static Task<long> CostAsync(Instance store) => CostAsync(store, "run_name = 'nobody'");

    private static Task<long> CostAsync(Instance store, string filter, params RunId[] runs) =>
        Instance.CountAsync(async () => Assert.Equal(runs, await store.IdsAsync(default, filter)));
}
