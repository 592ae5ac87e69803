using System.Collections.Immutable;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.StorageTests.Search;

namespace ServerlessMeta.StorageTests.LoggedModels;

/// <summary>What calls cost beyond the table of access patterns in ARCHITECTURE.md, exactly.</summary>
public sealed class OperationTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 5)]
    [InlineData(20, 41)]
    public async Task Each_model_of_a_call_adds_two_operations(int models, int operations)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var metrics = new Dictionary<LoggedModelId, ImmutableArray<ModelMetric>>();
        for (var i = 0; i < models; i++)
        {
            metrics[await store.CreateModelAsync()] = [.. Logs.Noise(1000 / models, 5, i).Points.Select(point => new ModelMetric(point, run, null, null))];
        }

        Assert.Equal(operations, await Instance.CountAsync(async () => Assert.True((await store.ModelLog.LogAsync(run, Logs.Noise(1000, 5, 0), metrics, Ct)).IsOk)));
    }

    [Fact]
    public async Task A_call_without_models_stays_one_operation()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();

        Assert.Equal(1, await Instance.CountAsync(async () => Assert.True((await store.ModelLog.LogAsync(run, Logs.Noise(1000, 5, 0), new Dictionary<LoggedModelId, ImmutableArray<ModelMetric>>(), Ct)).IsOk)));
    }

    [Fact]
    public async Task A_repeated_call_writes_its_model_no_more()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var model = await store.CreateModelAsync();
        Assert.True((await store.LogForAsync(run, model, "m", double.NaN, 1)).IsOk);

        Assert.Equal(2, await Instance.CountAsync(async () => Assert.True((await store.LogForAsync(run, model, "m", double.NaN, 1)).IsOk)));
        Assert.Equal(1, await Instance.CountAsync(async () => Assert.True((await store.Models.SetTagsAsync(model, [], Ct)).IsOk)));
    }

    [Fact]
    public async Task A_lost_race_adds_two_operations()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var run = await store.CreateRunAsync();
        var model = await store.CreateModelAsync();
        ImmutableArray<ModelMetric> metrics = [new ModelMetric(new MetricPoint("m", 1, 1, 1), run, null, null)];
        var prepared = (await store.Models.PrepareAsync(model, metrics, Ct)).Value;
        Assert.True((await other.Models.SetTagsAsync(model, [new Tag("other", "was here")], Ct)).IsOk);

        Assert.Equal(3, await Instance.CountAsync(async () => Assert.True((await store.Models.LogAsync(prepared, metrics, Ct)).IsOk)));
        var found = (await other.Models.FindAsync(model, Ct))!;
        Assert.Equal("1 1", $"{found.Tags.Length} {found.Metrics.Length}");
    }

    [Theory]
    [InlineData("0", 3, 3)]
    [InlineData("2", 6, 8)]
    public async Task A_search_is_one_operation_for_the_experiment_one_for_each_partition_and_one_for_those_that_its_page_has_models_of(string bits, int least, int most)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: ("Experiments:PartitionBits", bits));
        var experiment = await store.CreateExperimentAsync("e");
        for (var i = 0; i < 5; i++)
        {
            await store.CreateModelAsync(experiment, $"n{i}");
        }
        Result<Paged<LoggedModel>> page = default;

        Assert.InRange(await Instance.CountAsync(async () => page = await store.SearchModelsAsync([experiment], null, [Modelling.By("Name")], 3)), least, most);
        Assert.InRange(await Instance.CountAsync(async () => page = await store.SearchModelsAsync([experiment], null, [Modelling.By("Name")], 3, page.Value.Next)), least, most);
        Assert.Equal("n3 n4", string.Join(' ', page.Value.Items.Select(static model => model.Name)));
    }
}
