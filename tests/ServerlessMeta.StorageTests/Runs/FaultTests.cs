using System.Globalization;
using Azure;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Runs;

/// <summary>Every storage request of every call fails in turn, before or after it took effect. What was answered is stored, and a repeated call ends in the same state.</summary>
public sealed class FaultTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task A_log_call_is_whole_or_absent_whichever_request_fails(bool afterEffect, int retries)
    {
        for (var n = 1; n <= 4; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            var run = await store.CreateRunAsync();
            await using var faulty = await store.AnotherAsync(faults);
            var log = new RunLog([new("loss", 1, 10, 1), new("acc", 2, 10, 1)], [new Tag("lr", "0.1")], [new Tag("who", "me")]);

            faults.Arm(n);
            var answered = await TryAsync(() => faulty.Runs.LogAsync(run, log, Ct));
            var seen = (await store.Runs.FindAsync(run, Ct))!;
            Assert.Contains(seen.Metrics.Length, answered ? [2] : new[] { 0, 2 });
            Assert.Equal(seen.Metrics.Length / 2, seen.Params.Length);
            Assert.Equal(seen.Metrics.Length / 2, seen.Tags.Length);

            faults.Arm(int.MaxValue);
            Assert.True((await faulty.Runs.LogAsync(run, log, Ct)).IsOk);
            var after = (await store.Runs.FindAsync(run, Ct))!;
            Assert.Equal(2, after.Metrics.Length);
            Assert.Single((await store.History.ListAsync(run, "loss", null, null, Ct)).Value.Items);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_spill_loses_and_repeats_nothing_when_its_request_fails(bool afterEffect)
    {
        var faults = new FaultPolicy(afterEffect, 2);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, faults: faults);
        var run = await store.CreateRunAsync();
        for (var batch = 0; batch < 40; batch++)
        {
            faults.Arm(1);
            var answered = await TryAsync(() => store.Runs.LogAsync(run, Logs.Noise(1000, 5, batch, batch * 200), Ct));
            faults.Arm(int.MaxValue);
            if (!answered)
            {
                Assert.True((await store.Runs.LogAsync(run, Logs.Noise(1000, 5, batch, batch * 200), Ct)).IsOk);
            }
        }

        for (var key = 0; key < 5; key++)
        {
            var history = await store.History.ListAsync(run, string.Create(CultureInfo.InvariantCulture, $"m{key}"), null, null, Ct);
            Assert.Equal(Enumerable.Range(0, 8000).Select(static step => (long)step), history.Value.Items.Select(static point => point.Step).Order());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Creating_an_experiment_and_a_run_can_be_repeated_whichever_request_fails(bool afterEffect)
    {
        for (var n = 1; n <= 6; n++)
        {
            var faults = new FaultPolicy(afterEffect, 0);
            await using var store = await Instance.StartAsync(azurite.ConnectionString, faults: faults);

            faults.Arm(n);
            var answered = await TryAsync(() => store.Experiments.CreateAsync(new("mine", null, []), Ct));
            var again = await store.Experiments.CreateAsync(new("mine", null, []), Ct);
            Assert.True(answered ? again.Failure is Failure.AlreadyExists : again.IsOk || again.Failure is Failure.AlreadyExists);
            var experiment = (await store.Experiments.FindByNameAsync("mine", Ct))!;

            faults.Arm(n);
            var run = await TryAsync(() => store.Runs.CreateAsync(new NewRun(experiment.Id, "run", "", DateTimeOffset.UnixEpoch, []), Ct));
            faults.Arm(int.MaxValue);
            var listed = await store.Table.QueryAsync<Azure.Data.Tables.TableEntity>(static row => row.RowKey.CompareTo("r|") >= 0 && row.RowKey.CompareTo("r}") < 0, cancellationToken: Ct).ToListAsync(Ct);
            Assert.InRange(listed.Count, run ? 1 : 0, 1);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deleting_an_experiment_ends_the_same_whichever_request_fails(bool afterEffect)
    {
        for (var n = 1; n <= 8; n++)
        {
            var faults = new FaultPolicy(afterEffect, 0);
            await using var store = await Instance.StartAsync(azurite.ConnectionString, faults: faults);
            var experiment = (await store.Experiments.CreateAsync(new("gone", null, []), Ct)).Value;
            var run = await store.CreateRunAsync(experiment.Id);

            faults.Arm(n);
            await TryAsync(() => store.Experiments.DeleteAsync(experiment.Id, Ct));
            faults.Arm(int.MaxValue);
            var again = await store.Experiments.DeleteAsync(experiment.Id, Ct);
            Assert.True(again.IsOk || again.Failure is Failure.NotFound);
            Assert.Equal(LifecycleStage.Deleted, (await store.Runs.FindAsync(run, Ct))!.Info.Stage);
            await store.Outbox.SweepAsync(Ct);
            var row = await store.Table.GetEntityAsync<Azure.Data.Tables.TableEntity>(RunKeys.Partition(run), RunKeys.Run(run), cancellationToken: Ct);
            Assert.Equal((int)LifecycleStage.Deleted, row.Value.GetInt32("stage"));
        }
    }

    private static async Task<bool> TryAsync<T>(Func<Task<Result<T>>> call)
    {
        try
        {
            return (await call()).IsOk;
        }
        catch (RequestFailedException)
        {
            return false;
        }
        catch (AggregateException)
        {
            return false;
        }
    }
}
