using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.Search;

/// <summary>An experiment that does not fit an instance's memory is scanned.</summary>
public sealed class LargeExperimentTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null)]
    [InlineData("tags.k = 'x' AND NOT tags.k2 IS NULL", "run_name DESC")]
    [InlineData("metrics.loss > 3 OR run_name LIKE '%9'", "metrics.loss DESC")]
    [InlineData("datasets.name = 'd'", null)]
    [InlineData("artifact_uri LIKE '%' AND start_time > 0 AND end_time > 0", null)]
    public async Task A_scan_answers_as_an_index_does(string? filter, string? order)
    {
        await using var large = await Instance.StartAsync(azurite.ConnectionString);
        await using var small = await large.AnotherAsync(null, ("Search:IndexMegabytes", "1"));
        var filling = new string('x', 8_000);
        var runs = await large.CreateRunsAsync(default, 60, i => [new Tag("k", i % 2 == 0 ? "x" : "y"), .. i % 3 == 0 ? (Tag[])[] : [new Tag("k2", filling)], new Tag("k3", filling), new Tag("k4", filling)]);
        for (var i = 0; i < 10; i++)
        {
            await large.Runs.LogAsync(runs[i], Logs.Point("loss", i, 1), Ct);
        }
        await large.Runs.DeleteAsync(runs[4], Ct);

        for (var repetition = 0; repetition < 3; repetition++)
        {
            foreach (var stages in Enum.GetValues<StageFilter>())
            {
                Assert.Equal(await large.IdsAsync(default, filter, order, stages), await small.IdsAsync(default, filter, order, stages));
            }
            var page = (await small.PageAsync([default], filter, order, 7, null)).Value;
            Assert.Equal((await large.PageAsync([default], filter, order, 7, page.Next)).Value.Items.Select(static run => run.Info.Id), (await small.PageAsync([default], filter, order, 7, page.Next)).Value.Items.Select(static run => run.Info.Id));
        }

        // The index reads the list of hot runs and the runs, the scan the runs alone; both the experiment.
        Assert.Equal(3, await Instance.CountAsync(() => large.IdsAsync(default, filter, order)));
        Assert.Equal(2, await Instance.CountAsync(() => small.IdsAsync(default, filter, order)));
    }

    [Fact]
    public async Task Experiments_that_fit_only_one_at_a_time_take_turns()
    {
        await using var large = await Instance.StartAsync(azurite.ConnectionString);
        await using var small = await large.AnotherAsync(null, ("Search:IndexMegabytes", "1"));
        var (first, second) = (await large.CreateExperimentAsync("first"), await large.CreateExperimentAsync("second"));
        var filling = new string('x', 8_000);
        foreach (var experiment in (ExperimentId[])[first, second])
        {
            await large.CreateRunsAsync(experiment, 40, _ => [new Tag("a", filling), new Tag("b", filling)]);
        }
        await large.Upkeep.RunAsync(Ct);

        foreach (var experiment in (ExperimentId[])[first, second, first, second])
        {
            Assert.Equal(40, (await small.IdsAsync(experiment)).Length);
            Assert.Equal(2, await Instance.CountAsync(() => small.IdsAsync(experiment)));
        }
        Assert.Equal(80, (await small.PageAsync([first, second], null, null, 1000, null)).Value.Items.Length);
    }
}
