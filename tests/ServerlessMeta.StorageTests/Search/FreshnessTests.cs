using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Search;

/// <summary>What one instance wrote, another's search finds at once.</summary>
public sealed class FreshnessTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Ended = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_900_000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Writes => new()
    {
        { "a metric", "metrics.loss = 2" },
        { "a param", "params.lr = '0.1'" },
        { "a tag", "tags.env = 'prod'" },
        { "another value of a tag", "tags.old = 'changed'" },
        { "a tag less", "tags.old IS NULL" },
        { "a name", "run_name = 'renamed'" },
        { "a status", "status = 'Finished' AND end_time = 1700000900000" },
        { "nothing but an end", "end_time > 0" },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_write_is_found_by_another_instance_before_and_after_the_run_cooled(string write, string filter)
    {
        await using var writer = await Instance.StartAsync(azurite.ConnectionString);
        await using var searcher = await writer.AnotherAsync();
        foreach (var cool in (bool[])[false, true])
        {
            var experiment = await writer.CreateExperimentAsync($"experiment {cool}");
            var runs = await writer.CreateRunsAsync(experiment, 3, static _ => [new Tag("old", "x")]);
            if (cool)
            {
                await searcher.Upkeep.RunAsync(Ct);
            }
            Assert.Empty(await searcher.IdsAsync(experiment, filter));

            Assert.True((await WriteAsync(writer, runs[1], write)).IsOk);

            Assert.Equal([runs[1]], await searcher.IdsAsync(experiment, filter));
            Assert.Equal([runs[1]], await writer.IdsAsync(experiment, filter));
        }
    }

    [Fact]
    public async Task A_run_is_found_when_created_gone_when_deleted_and_back_when_restored()
    {
        await using var writer = await Instance.StartAsync(azurite.ConnectionString);
        await using var searcher = await writer.AnotherAsync();
        Assert.Empty(await searcher.IdsAsync(default));
        Assert.Empty((await searcher.PageAsync([new ExperimentId(77)], null, null, 10, null)).Value.Items);

        var run = await writer.CreateRunAsync();
        Assert.Equal([run], await searcher.IdsAsync(default));

        Assert.True((await writer.Runs.DeleteAsync(run, Ct)).IsOk);
        Assert.Empty(await searcher.IdsAsync(default));
        Assert.Equal([run], await searcher.IdsAsync(default, stages: StageFilter.Deleted));
        Assert.Equal(LifecycleStage.Deleted, Assert.Single(await searcher.RunsAsync(default, stages: StageFilter.All)).Info.Stage);

        Assert.True((await writer.Runs.RestoreAsync(run, Ct)).IsOk);
        Assert.Equal([run], await searcher.IdsAsync(default));
        Assert.Empty(await searcher.IdsAsync(default, stages: StageFilter.Deleted));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_experiment_takes_its_runs_along_when_deleted_and_brings_all_back(bool sweep)
    {
        await using var writer = await Instance.StartAsync(azurite.ConnectionString);
        await using var searcher = await writer.AnotherAsync();
        var experiment = await writer.CreateExperimentAsync("experiment");
        var runs = await writer.CreateRunsAsync(experiment, 5);
        await writer.Runs.DeleteAsync(runs[0], Ct);
        await writer.Upkeep.RunAsync(Ct);
        Assert.Equal(4, (await searcher.IdsAsync(experiment)).Length);

        Assert.True((await writer.Experiments.DeleteAsync(experiment, Ct)).IsOk);
        Assert.Empty(await searcher.IdsAsync(experiment));
        Assert.Equal(5, (await searcher.IdsAsync(experiment, stages: StageFilter.Deleted)).Length);

        await (sweep ? writer.Outbox.SweepAsync(Ct) : Task.CompletedTask);
        Assert.True((await writer.Runs.RestoreAsync(runs[3], Ct)).IsOk);
        Assert.Equal([runs[3]], await searcher.IdsAsync(experiment));

        Assert.True((await writer.Experiments.RestoreAsync(experiment, Ct)).IsOk);
        await (sweep ? writer.Outbox.SweepAsync(Ct) : Task.CompletedTask);
        Assert.Equal(5, (await searcher.IdsAsync(experiment)).Length);
        Assert.Empty(await searcher.IdsAsync(experiment, stages: StageFilter.Deleted));

        Assert.True((await writer.Runs.DeleteAsync(runs[1], Ct)).IsOk);
        Assert.Equal([runs[1]], await searcher.IdsAsync(experiment, stages: StageFilter.Deleted));
    }

    private static Task<Result<RunInfo>> WriteAsync(Instance store, RunId run, string write) => write switch
    {
        "a metric" => store.Runs.LogAsync(run, Logs.Point("loss", 2, 1), Ct),
        "a param" => store.Runs.LogAsync(run, Logs.Param("lr", "0.1"), Ct),
        "a tag" => store.Runs.LogAsync(run, Logs.TagOf("env", "prod"), Ct),
        "another value of a tag" => store.Runs.SetTagAsync(run, "old", static _ => "changed", Ct),
        "a tag less" => store.Runs.DeleteTagAsync(run, "old", Ct),
        "a name" => store.Runs.ChangeAsync(run, new RunUpdate(null, null, "renamed"), Ct),
        "a status" => store.Runs.ChangeAsync(run, new RunUpdate(RunStatus.Finished, Ended, null), Ct),
        _ => store.Runs.ChangeAsync(run, new RunUpdate(null, Ended, null), Ct),
    };
}
