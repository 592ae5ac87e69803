using Azure.Data.Tables;
using ServerlessMeta.Experiments;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.RunWatch;
using ServerlessMeta.StorageTests.Audit;
using ServerlessMeta.StorageTests.Messages;

namespace ServerlessMeta.StorageTests.RunWatch;

/// <summary>What a log call shows to be wrong is stored with it: in the same operation, once, through any instance, spill, fault, deletion and cooling.</summary>
public sealed class RunWatchTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_shows_something_is_one_operation_and_so_is_reading_it()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var before = store.Time.GetUtcNow().AddSeconds(-1);
        await store.Runs.LogAsync(run, Logs.Point("loss", 1, 1), Ct);

        var cost = await Instance.CountAsync(async () => Assert.True((await store.Runs.LogAsync(run, Logs.Points(new("loss", double.NaN, 2, 2), new("val_acc", 0.5, 2, 2)), Ct)).IsOk));

        Assert.Equal(1, cost);
        List<RunAnomaly> found = [];
        Assert.Equal(1, await Instance.CountAsync(async () => found = await store.Anomalies.ListAsync(run, Ct).ToListAsync(Ct)));
        var anomaly = Assert.Single(found);
        Assert.Equal((run, "nan", "loss", 2L, null, "The value is not a number."), (anomaly.Run, anomaly.Kind, anomaly.Metric, anomaly.Step, anomaly.Value, anomaly.Detail));
        Assert.InRange(anomaly.At, before, store.Time.GetUtcNow().AddSeconds(1));
        Assert.Equal(found, await store.Anomalies.ListAsync(run.Experiment, before, Ct).ToListAsync(Ct));
        Assert.Empty(await store.Anomalies.ListAsync(run.Experiment, anomaly.At.AddMilliseconds(1), Ct).ToListAsync(Ct));
        Assert.Empty(await store.Anomalies.ListAsync(new ExperimentId(99), before, Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Two_instances_that_take_turns_tell_what_one_would()
    {
        await using var one = await Instance.StartAsync(azurite.ConnectionString);
        await using var two = await one.AnotherAsync();
        var run = await one.CreateRunAsync();
        for (var step = 0; step < 70; step++)
        {
            // The losing writer reads what the other remembered, and the call that it repeats is taken in once.
            var value = step is 50 or 51 ? 9 : 2 - (0.01 * step) + (0.002 * (step % 3));
            Assert.True((await (step % 2 == 0 ? one : two).Runs.LogAsync(run, Logs.Point("loss", value, step), Ct)).IsOk);
            Assert.True((await (step % 2 == 0 ? two : one).Runs.LogAsync(run, Logs.Point("loss", value, step), Ct)).IsOk);
        }

        var told = await two.Anomalies.ListAsync(run, Ct).Select(static found => $"{found.Kind}@{found.Step}").ToListAsync(Ct);
        Assert.Equal(["divergence@54", "spike@50"], told);
    }

    [Fact]
    public async Task A_busy_run_is_watched_through_its_spills()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        for (var batch = 0; batch < 60; batch++)
        {
            var noise = Logs.Noise(980, 20, batch, batch * 50);
            Assert.True((await store.Runs.LogAsync(run, noise with { Points = [.. noise.Points, .. Enumerable.Range(batch * 20, 20).Select(static step => new MetricPoint("loss", step == 1150 ? 50 : 2 - (0.001 * step), step, step))] }, Ct)).IsOk);
            if (batch % 10 == 9)
            {
                await store.Upkeep.RunAsync(Ct);
            }
        }

        await using var other = await store.AnotherAsync();
        Assert.Equal(["divergence loss@1154", "spike loss@1150"], await other.Anomalies.ListAsync(run, Ct).Select(static found => $"{found.Kind} {found.Metric}@{found.Step}").ToListAsync(Ct));
        Assert.Contains(await store.Table.QueryAsync<TableEntity>(cancellationToken: Ct).ToListAsync(Ct), static row => row.RowKey.StartsWith("s|", StringComparison.Ordinal));
        Assert.True((await other.Runs.LogAsync(run, Logs.Point("loss", 60, 5000), Ct)).IsOk);
        Assert.Equal(3, await other.Anomalies.ListAsync(run, Ct).CountAsync(Ct));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task What_was_seen_stays_when_the_run_is_cooled_deleted_restored_and_marked_and_the_audit_and_searches_see_none_of_it()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var experiment = (await store.Experiments.CreateAsync(new("e", null, []), Ct)).Value;
        var run = await store.CreateRunAsync(experiment.Id);
        await LogAsync(0);
        await store.Upkeep.RunAsync(Ct);
        await LogAsync(1);
        Assert.True((await store.Runs.DeleteAsync(run, Ct)).IsOk);
        Assert.False((await store.Runs.LogAsync(run, Logs.Point("loss", double.NaN, 2), Ct)).IsOk);
        Assert.True((await store.Runs.RestoreAsync(run, Ct)).IsOk);
        Assert.True((await store.Experiments.DeleteAsync(experiment.Id, Ct)).IsOk);
        await store.Outbox.SweepAsync(Ct);
        Assert.True((await store.Experiments.RestoreAsync(experiment.Id, Ct)).IsOk);
        await store.Outbox.SweepAsync(Ct);
        await LogAsync(3);

        Assert.Equal([30L, 10L, 0L], await store.Anomalies.ListAsync(run, Ct).Select(static found => found.Step).ToListAsync(Ct));
        await store.SoundChainAsync($"run:{run}");
        var row = (await store.Table.GetEntityAsync<TableEntity>(RunKeys.Partition(run), RunKeys.Run(run), cancellationToken: Ct)).Value;
        Assert.NotNull(row.GetBinary("x0"));

        async Task LogAsync(int at) =>
            Assert.True((await store.Runs.LogAsync(run, new RunLog([new("loss", double.NaN, at * 10, at * 10), new("loss", 1, (at * 10) + 1, (at * 10) + 1)], [], [new Tag("at", $"{at}")]), Ct)).IsOk);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_request_fails_what_was_seen_is_there_once_and_exactly_when_the_points_are(bool afterEffect)
    {
        for (var n = 1; n <= 4; n++)
        {
            var faults = new FaultPolicy(afterEffect, 2);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            var run = await store.CreateRunAsync();
            await using var faulty = await store.AnotherAsync(faults);
            var log = Logs.Points(new("loss", 1, 1, 1), new("loss", double.NaN, 2, 2), new("val_loss", double.PositiveInfinity, 2, 2));

            faults.Arm(n);
            try
            {
                await faulty.Runs.LogAsync(run, log, Ct);
            }
            catch (Exception outage) when (Outage.IsAmbiguous(outage))
            {
                // It may be stored or not.
            }
            faults.Arm(int.MaxValue);
            var points = (await store.Runs.FindAsync(run, Ct))!.Metrics.Length;
            Assert.Equal(points, await store.Anomalies.ListAsync(run, Ct).CountAsync(Ct));

            Assert.True((await faulty.Runs.LogAsync(run, log, Ct)).IsOk);
            Assert.Equal(["nan val_loss@2", "nan loss@2"], await store.Anomalies.ListAsync(run, Ct).Select(static found => $"{found.Kind} {found.Metric}@{found.Step}").ToListAsync(Ct));
            Assert.Equal(2, await store.Anomalies.ListAsync(run.Experiment, DateTimeOffset.UnixEpoch, Ct).CountAsync(Ct));
        }
    }

    [Fact]
    public async Task Messages_and_anomalies_of_one_group_share_its_write()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.Runs.LogAsync(run, Logs.Point("loss", 1, 0), Ct);

        await Task.WhenAll(Enumerable.Range(1, 64).Select(i => store.DeliverAsync($"{i}", one => one.Runs.LogAsync(run, Logs.Point($"loss_{(char)('a' + (i % 26))}", double.NaN, i), Ct))));
        await Task.WhenAll(Enumerable.Range(1, 64).Select(i => store.DeliverAsync($"{i}", one => one.Runs.LogAsync(run, Logs.Point($"loss_{(char)('a' + (i % 26))}", double.NaN, i + 1000), Ct))));

        Assert.Equal(26, await store.Anomalies.ListAsync(run, Ct).CountAsync(Ct));
        var row = (await store.Table.GetEntityAsync<TableEntity>(RunKeys.Partition(run), RunKeys.Run(run), cancellationToken: Ct)).Value;
        Assert.InRange(row.GetInt64("rev")!.Value, 3, 8);
    }

    [Fact]
    public async Task A_store_that_does_not_watch_keeps_what_one_that_does_remembers()
    {
        await using var watching = await Instance.StartAsync(azurite.ConnectionString);
        await using var blind = await watching.AnotherAsync(null, ("RunWatch:Enabled", "false"));
        var run = await watching.CreateRunAsync();
        await watching.Runs.LogAsync(run, Logs.Points([.. Enumerable.Range(0, 30).Select(static i => new MetricPoint("loss", 1 - (0.01 * i), i, i)), new("loss", double.NaN, 30, 30)]), Ct);
        for (var batch = 0; batch < 40; batch++)
        {
            Assert.True((await blind.Runs.LogAsync(run, Logs.Noise(1000, 20, batch, batch * 50), Ct)).IsOk);
        }
        Assert.True((await blind.Runs.LogAsync(run, Logs.Point("loss", double.NaN, 31), Ct)).IsOk);
        Assert.Single(await watching.Anomalies.ListAsync(run, Ct).ToListAsync(Ct));

        Assert.True((await watching.Runs.LogAsync(run, Logs.Point("loss", 20, 32), Ct)).IsOk);
        Assert.Equal(["spike", "nan"], await watching.Anomalies.ListAsync(run, Ct).Select(static found => found.Kind).ToListAsync(Ct));
    }

    [Fact]
    public async Task Those_of_an_experiment_are_the_newest_first_over_all_partitions_and_pages()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: [("Experiments:PartitionBits", "3")]);
        var experiment = (await store.Experiments.CreateAsync(new("e", null, []), Ct)).Value;
        var runs = new List<RunId>();
        for (var i = 0; i < 24; i++)
        {
            var run = await store.CreateRunAsync(experiment.Id);
            runs.Add(run);
            Assert.True((await store.Runs.LogAsync(run, Logs.Points(new("loss", double.NaN, i, i), new("val_loss", double.NaN, i, i), new("acc", double.NaN, i, i)), Ct)).IsOk);
        }

        var all = await store.Anomalies.ListAsync(experiment.Id, DateTimeOffset.UnixEpoch, Ct).ToListAsync(Ct);
        Assert.Equal(72, all.Count);
        Assert.Equal(all.OrderByDescending(static one => one.At).Select(static one => one.At), all.Select(static one => one.At));
        Assert.Equal(runs.Order(), all.Select(static one => one.Run).Distinct().Order());
        Assert.Equal(8, await Instance.CountAsync(async () => await store.Anomalies.ListAsync(experiment.Id, store.Time.GetUtcNow().AddDays(1), Ct).CountAsync(Ct)));

        var paged = new List<RunAnomaly>();
        string? token = null;
        do
        {
            var page = (await store.Anomalies.PageAsync(experiment.Id, DateTimeOffset.UnixEpoch, 5, token, Ct)).Value;
            Assert.InRange(page.Items.Length, 1, 5);
            paged.AddRange(page.Items);
            token = page.Next;
        }
        while (token is not null);
        Assert.Equal(all, paged);
        var first = (await store.Anomalies.PageAsync(runs[0], 2, null, Ct)).Value;
        Assert.Single((await store.Anomalies.PageAsync(runs[0], 2, first.Next, Ct)).Value.Items);
        Assert.IsType<Failure.Invalid>((await store.Anomalies.PageAsync(runs[1], 2, first.Next, Ct)).Failure);
    }
}
