using System.Globalization;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.StorageTests.Search;

namespace ServerlessMeta.StorageTests.LoggedModels;

public sealed class StoreTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_model_is_found_by_its_id_alone_in_any_partition(int bits)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: ("Experiments:PartitionBits", bits.ToString(CultureInfo.InvariantCulture)));
        var experiment = await store.CreateExperimentAsync("e");
        for (var i = 0; i < 12; i++)
        {
            var id = await store.CreateModelAsync(experiment, $"model {i}");

            Assert.Equal($"model {i}", (await store.Models.FindAsync(id, Ct))!.Name);
        }
        Assert.Equal(12, (await store.SearchModelsAsync([experiment], null, [])).Value.Items.Length);
    }

    [Fact]
    public async Task A_write_answers_what_is_then_stored()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var id = await store.CreateModelAsync(tags: new Tag("a", "1"));

        await store.Models.LogParamsAsync(id, [new Tag("p", "1"), new Tag("q", "2")], Ct);
        await store.Models.SetTagsAsync(id, [new Tag("b", "2"), new Tag("a", "3")], Ct);
        await store.LogForAsync(run, id, "m", double.NaN, 1, "train", "d");
        var answered = (await store.Models.SetStatusAsync(id, LoggedModelStatus.Ready, Ct)).Value;

        var found = (await store.Models.FindAsync(id, Ct))!;
        Assert.Equal((LoggedModelStatus.Ready, "model"), (found.Status, found.Name));
        Assert.Equal([new Tag("p", "1"), new Tag("q", "2")], found.Params);
        Assert.Equal([new Tag("a", "3"), new Tag("b", "2")], found.Tags);
        Assert.Equal([new ModelMetric(new MetricPoint("m", double.NaN, 1, 1), run, "train", "d")], found.Metrics);
        Assert.Equal(found.Metrics, answered.Metrics);
        Assert.Equal(found.Tags, answered.Tags);
    }

    [Fact]
    public async Task A_status_said_again_changes_not_even_the_time()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var id = await store.CreateModelAsync();
        var first = (await store.Models.SetStatusAsync(id, LoggedModelStatus.Ready, Ct)).Value;
        await Task.Delay(5, Ct);

        Assert.Equal(1, await Instance.CountAsync(async () => Assert.Equal(first.UpdatedAt, (await store.Models.SetStatusAsync(id, LoggedModelStatus.Ready, Ct)).Value.UpdatedAt)));
    }

    [Fact]
    public async Task A_param_with_another_value_is_refused_with_all_of_its_call()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var id = await store.CreateModelAsync();
        Assert.True((await store.Models.LogParamsAsync(id, [new Tag("p", "1")], Ct)).IsOk);

        var lost = (await store.Models.LogParamsAsync(id, [new Tag("q", "1"), new Tag("p", "2")], Ct)).Failure;

        Assert.Equal([new ParamChange("p", "1", "2")], Assert.IsType<Failure.ParamsChanged>(lost).Changes);
        Assert.Equal([new Tag("p", "1")], (await store.Models.FindAsync(id, Ct))!.Params);
    }

    [Fact]
    public async Task A_deleted_model_takes_no_writes_and_stays_deleted()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var id = await store.CreateModelAsync();
        var missing = LoggedModelId.New(ExperimentId.Default, 0, DateTimeOffset.UnixEpoch);
        Assert.True((await store.Models.DeleteAsync(id, Ct)).IsOk);
        Assert.True((await store.Models.DeleteAsync(id, Ct)).IsOk);
        Assert.IsType<Failure.NotFound>((await store.Models.DeleteAsync(missing, Ct)).Failure);

        foreach (var gone in (LoggedModelId[])[id, missing])
        {
            Assert.IsType<Failure.NotFound>((await store.Models.SetStatusAsync(gone, LoggedModelStatus.Ready, Ct)).Failure);
            Assert.IsType<Failure.NotFound>((await store.Models.SetTagsAsync(gone, [new Tag("a", "b")], Ct)).Failure);
            Assert.IsType<Failure.NotFound>((await store.Models.DeleteTagAsync(gone, "a", Ct)).Failure);
            Assert.IsType<Failure.NotFound>((await store.Models.LogParamsAsync(gone, [], Ct)).Failure);
            Assert.IsType<Failure.NotFound>((await store.LogForAsync(run, gone, "m", 1, 1)).Failure);
        }

        Assert.Empty((await store.Runs.FindAsync(run, Ct))!.Metrics);
        Assert.Equal(LifecycleStage.Deleted, (await store.Models.FindAsync(id, Ct))!.Stage);
        Assert.Null(await store.Models.FindAsync(missing, Ct));
        Assert.Empty((await store.SearchModelsAsync([ExperimentId.Default], null, [])).Value.Items);
    }

    [Fact]
    public async Task An_experiments_models_are_deleted_and_restored_with_it_but_not_those_deleted_singly()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var experiment = await store.CreateExperimentAsync("e");
        var (kept, single) = (await store.CreateModelAsync(experiment, "kept"), await store.CreateModelAsync(experiment, "single"));
        Assert.True((await store.Models.DeleteAsync(single, Ct)).IsOk);
        Assert.NotNull(await other.Models.FindAsync(kept, Ct));

        Assert.True((await store.Experiments.DeleteAsync(experiment, Ct)).IsOk);
        Assert.Equal(LifecycleStage.Deleted, (await other.Models.FindAsync(kept, Ct))!.Stage);
        Assert.Empty((await other.SearchModelsAsync([experiment], null, [])).Value.Items);
        Assert.IsType<Failure.NotFound>((await store.Models.SetTagsAsync(kept, [new Tag("a", "b")], Ct)).Failure);
        Assert.IsType<Failure.WrongStage>((await store.Models.CreateAsync(new NewLoggedModel(experiment, "late"), Ct)).Failure);

        Assert.True((await store.Experiments.RestoreAsync(experiment, Ct)).IsOk);
        Assert.True((await other.Models.SetTagsAsync(kept, [new Tag("a", "b")], Ct)).IsOk);
        Assert.Equal(["kept"], (await other.SearchModelsAsync([experiment], null, [])).Value.Items.Select(static model => model.Name));
        Assert.Equal(LifecycleStage.Deleted, (await other.Models.FindAsync(single, Ct))!.Stage);
    }

    [Fact]
    public async Task A_model_is_created_once_for_a_key()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var wanted = new NewLoggedModel(ExperimentId.Default, "once") { IdempotencyKey = "key", Params = [new Tag("p", "1")] };

        var made = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? store : other).Models.CreateAsync(wanted, Ct)));

        var id = Assert.Single(made.Select(static one => one.Value.Id).Distinct());
        Assert.All(made, static one => Assert.Equal([new Tag("p", "1")], one.Value.Params));
        Assert.Equal(id, Assert.Single((await store.SearchModelsAsync([ExperimentId.Default], null, [])).Value.Items).Id);
    }

    [Fact]
    public async Task Many_writers_of_two_instances_lose_nothing()
    {
        await using var one = await Instance.StartAsync(azurite.ConnectionString);
        await using var two = await one.AnotherAsync();
        var run = await one.CreateRunAsync();
        var id = await one.CreateModelAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i => (i % 3) switch
        {
            0 => (await (i % 2 == 0 ? one : two).Models.SetTagsAsync(id, [new Tag($"t{i}", "v")], Ct)).IsOk,
            1 => (await (i % 2 == 0 ? one : two).Models.LogParamsAsync(id, [new Tag($"p{i}", "v")], Ct)).IsOk,
            _ => (await (i % 2 == 0 ? one : two).LogForAsync(run, id, "m", i, i)).IsOk,
        }));

        Assert.All(answers, Assert.True);
        var found = (await one.Models.FindAsync(id, Ct))!;
        Assert.Equal("20 20 20", $"{found.Tags.Length} {found.Params.Length} {found.Metrics.Length}");
        Assert.Equal(20, (await two.History.ListAsync(run, "m", null, null, Ct)).Value.Items.Length);
    }

    [Fact]
    public async Task A_point_is_kept_once_however_often_it_is_logged_and_its_run_has_it_too()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var id = await store.CreateModelAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.True((await store.LogForAsync(run, id, null, null, new MetricPoint("m", 1, 1, 1), new MetricPoint("m", double.NaN, 1, 1), new MetricPoint("n", 1, 1, 1))).IsOk);
            Assert.True((await store.LogForAsync(run, id, "train", null, new MetricPoint("m", 1, 1, 1))).IsOk);
        }

        Assert.Equal(4, (await store.Models.FindAsync(id, Ct))!.Metrics.Length);
        Assert.Equal(2, (await store.History.ListAsync(run, "m", null, null, Ct)).Value.Items.Length);
    }

    [Fact]
    public async Task A_model_takes_16000_points_and_refuses_one_more_before_its_run_is_written()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var id = await store.CreateModelAsync();
        for (var batch = 0; batch < 16; batch++)
        {
            Assert.True((await store.LogForAsync(run, id, null, null, [.. Enumerable.Range(batch * 1000, 1000).Select(static i => new MetricPoint("m", i, i, i))])).IsOk);
        }

        Assert.IsType<Failure.Invalid>((await store.LogForAsync(run, id, "one too many", 1, 1)).Failure);
        Assert.True((await store.LogForAsync(run, id, "m", 15_999, 15_999)).IsOk);
        Assert.Equal(16_000, (await store.Models.FindAsync(id, Ct))!.Metrics.Length);
        Assert.Equal(["m"], (await store.Runs.FindAsync(run, Ct))!.Metrics.Select(static metric => metric.Key));
    }

    [Fact]
    public async Task Hundreds_of_small_writes_pack_the_row_anew_and_lose_nothing()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var id = await store.CreateModelAsync(tags: new Tag("a", "1"));
        for (var i = 0; i < 250; i++)
        {
            Assert.True((await store.LogForAsync(run, id, "m", i, i)).IsOk);
        }

        var found = (await store.Models.FindAsync(id, Ct))!;
        Assert.Equal(Enumerable.Range(0, 250).Select(static i => (double)i), found.Metrics.Select(static metric => metric.Point.Value));
        Assert.Equal([new Tag("a", "1")], found.Tags);
    }

    [Fact]
    public async Task A_refused_run_leaves_its_models_as_they_were()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var id = await store.CreateModelAsync();
        Assert.True((await store.Runs.DeleteAsync(run, Ct)).IsOk);

        Assert.IsType<Failure.WrongStage>((await store.LogForAsync(run, id, "m", 1, 1)).Failure);
        Assert.Empty((await store.Models.FindAsync(id, Ct))!.Metrics);
    }
}
