using System.Globalization;
using ServerlessMeta.Access;
using ServerlessMeta.Datasets;
using ServerlessMeta.Experiments;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Audit;

public sealed class RunAuditTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_change_of_a_run_writes_one_entry()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        using var _ = new Caller("ann", Role.Writer, "token:1").Act();
        var run = await store.CreateRunAsync();
        Done(await store.Runs.LogAsync(run, new RunLog([], [new Tag("lr", "0.1")], [new Tag("t", "1")]), Ct));
        Done(await store.Runs.LogAsync(run, new RunLog([], [new Tag("lr", "0.1")], [new Tag("t", "1")]), Ct));
        Done(await store.Runs.SetTagAsync(run, "note", static _ => "text", Ct));
        Done(await store.Runs.DeleteTagAsync(run, "note", Ct));
        Done(await store.Runs.LogInputsAsync(run, [new DatasetInput("d", "1", "t", "s", null, null, [])], [], Ct));
        Done(await store.Runs.LogOutputsAsync(run, [new ModelOutput("m-1", 3)], Ct));
        Done(await store.Runs.ChangeAsync(run, new RunUpdate(RunStatus.Finished, DateTimeOffset.UnixEpoch, "renamed"), Ct));
        Done(await store.Runs.DeleteAsync(run, Ct));
        Done(await store.Runs.RestoreAsync(run, Ct));

        var entries = await store.EntriesAsync($"run:{run}");

        Assert.Equal(
            ["run.create", "run.log", "run.tag", "run.untag", "run.inputs", "run.outputs", "run.update", "run.delete", "run.restore"],
            entries.Reverse().Select(static entry => entry.Action));
        Assert.All(entries, static entry => Assert.Equal(("ann", "token:1"), (entry.By, entry.Source)));
        Assert.Equal("0.1", entries[^2].Details["param lr"]);
        Assert.Equal("renamed", entries[0].Name);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Metric_points_are_data_and_write_no_entry()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Runs.LogAsync(run, Logs.Point("loss", 1, 1), Ct);

        Assert.Equal(1, await Instance.CountAsync(() => store.Runs.LogAsync(run, Logs.Noise(1000, 20, 1), Ct)));
        Assert.Equal(1, await Instance.CountAsync(() => store.Runs.LogAsync(run, new RunLog([], [new Tag("p", "1")], []), Ct)));

        Assert.Equal(["run.log", "run.create"], (await store.EntriesAsync($"run:{run}")).Select(static entry => entry.Action));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_group_commit_names_each_caller_with_what_he_changed()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();

        await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            using var _ = new Caller($"caller {i}", Role.Writer, "local").Act();
            await Task.Yield();
            Done(await store.Runs.LogAsync(run, new RunLog([new MetricPoint("m", i, i, i)], [new Tag($"p{i}", "v")], []), Ct));
        }));

        var entries = (await store.EntriesAsync($"run:{run}")).Where(static entry => entry.Action == "run.log").ToList();
        Assert.Equal(60, entries.Count);
        Assert.All(entries, static entry => Assert.Equal($"param p{entry.By[7..]}", Assert.Single(entry.Details).Key));
        Assert.True((await store.Table.RowsAsync(RunKeys.Partition(run), "j|")).Count < 61);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Params_and_tags_in_rows_beside_the_run_are_proven_too()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var run = await store.CreateRunAsync();
        for (var i = 0; i < 8; i++)
        {
            var one = i % 2 == 0 ? store : other;
            Done(await one.Runs.LogAsync(run, new RunLog([], [.. Enumerable.Range(0, 10).Select(n => new Tag($"p{i}.{n}", new string('x', 5000)))], [.. Enumerable.Range(0, 10).Select(n => new Tag($"t{n}", new string((char)('a' + i), 6000)))]), Ct));
            Done(await one.Runs.DeleteTagAsync(run, "t3", Ct));
        }
        await store.AssertSoundAsync();
        var beside = (await store.Table.RowsAsync(RunKeys.Partition(run), $"r|{run}|p"))[0];
        beside["p0"] = new byte[10];
        await store.Table.PutAsync(beside);

        var (_, _, _, findings) = await store.VerifyAllAsync();

        Assert.Equal(("row-changed", beside.RowKey), (Assert.Single(findings).Fault, findings[0].Row));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(45)]
    public async Task The_end_of_a_run_names_its_points(int batches)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        for (var i = 0; i < batches; i++)
        {
            Done(await store.Runs.LogAsync(run, Logs.Noise(1000, 20, i), Ct));
        }
        Done(await store.Runs.ChangeAsync(run, new RunUpdate(RunStatus.Finished, DateTimeOffset.UnixEpoch, null), Ct));
        Assert.Equal(64, (await store.EntriesAsync($"run:{run}"))[0].Details["points"].Length);
        Assert.Empty(await store.FindingsAsync($"run:{run}"));
        var row = await store.Table.RowAsync(RunKeys.Partition(run), RunKeys.Run(run));
        var segments = await store.Table.RowsAsync(RunKeys.Partition(run), $"s|{run}");
        Assert.Equal(batches > 3, segments.Count > 0);
        var victim = segments.Count > 0 ? segments[0] : row;
        var property = victim.Keys.First(key => segments.Count > 0 ? key[0] == 'x' : key == "t0");
        var bytes = victim.GetBinary(property).ToArray();
        bytes[^1] ^= 1;
        victim[property] = bytes;
        await store.Table.PutAsync(victim);

        Assert.Equal("data-changed", Assert.Single(await store.FindingsAsync($"run:{run}")).Fault);
    }

    [Fact]
    public async Task Runs_of_a_deleted_experiment_are_marked_with_an_entry_each()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var experiment = (await store.Experiments.CreateAsync(new NewExperiment("e", null, []), Ct)).Value;
        var runs = await Task.WhenAll(Enumerable.Range(0, 70).Select(_ => store.CreateRunAsync(experiment.Id)));
        Done(await store.Experiments.DeleteAsync(experiment.Id, Ct));
        await store.Outbox.SweepAsync(Ct);

        Assert.All(await Task.WhenAll(runs.Select(run => store.EntriesAsync($"run:{run}"))), entries =>
        {
            Assert.Equal(("run.mark", "store"), (entries[0].Action, entries[0].By));
            Assert.Equal(experiment.Id.ToString(), entries[0].Details["experiment"]);
            Assert.Equal(2, entries.Length);
        });
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Cooling_changes_no_record()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Upkeep.RunAsync(Ct);
        await using var other = await store.AnotherAsync();
        Done(await other.Runs.SetTagAsync(run, "again", static _ => "hot", Ct));

        Assert.Equal(2, (await store.EntriesAsync($"run:{run}")).Length);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_run_from_before_the_audit_begins_its_chain_with_what_was_there()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        Done(await store.Runs.LogAsync(run, new RunLog([], [.. Enumerable.Range(0, 40).Select(static n => new Tag($"p{n}", new string('x', 5000)))], []), Ct));
        foreach (var entry in (await store.Table.RowsAsync(RunKeys.Partition(run), "j|")).Concat(await store.Table.RowsAsync(RunKeys.Partition(run), "y|")))
        {
            await store.Table.RemoveAsync(entry);
        }
        var row = await store.Table.RowAsync(RunKeys.Partition(run), RunKeys.Run(run));
        Array.ForEach(["an", "ah", "aa"], name => row.Remove(name));
        await store.Table.PutAsync(row);
        Assert.Equal(1, (await store.VerifyAllAsync()).Unaudited);
        await using var other = await store.AnotherAsync();
        Done(await other.Runs.SetTagAsync(run, "first", static _ => "entry", Ct));

        var first = Assert.Single(await store.EntriesAsync($"run:{run}"));

        Assert.NotNull(Assert.Single(first.Rows).Before);
        await store.AssertSoundAsync();
    }

    private static void Done<T>(Result<T> result) => Assert.True(result.IsOk, result.Failure?.Detail);
}
