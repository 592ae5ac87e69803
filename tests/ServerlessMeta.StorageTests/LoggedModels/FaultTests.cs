using System.Collections.Immutable;
using Azure;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.LoggedModels;

/// <summary>Every storage request of every call fails in turn, before or after it took effect. What was answered is stored, and a repeated call ends in the same state.</summary>
public sealed class FaultTests(AzuriteFixture azurite)
{
    private static readonly Dictionary<string, (Func<Instance, RunId, LoggedModelId, Task<bool>> Call, Func<LoggedModel, int> Seen, int Whole)> Calls = new(StringComparer.Ordinal)
    {
        ["tags"] = (static async (store, _, model) => (await store.Models.SetTagsAsync(model, [new Tag("a", "1"), new Tag("b", "2")], Ct)).IsOk, static model => model.Tags.Length, 2),
        ["params"] = (static async (store, _, model) => (await store.Models.LogParamsAsync(model, [new Tag("a", "1"), new Tag("b", "2")], Ct)).IsOk, static model => model.Params.Length, 2),
        ["status"] = (static async (store, _, model) => (await store.Models.SetStatusAsync(model, LoggedModelStatus.Ready, Ct)).IsOk, static model => model.Status is LoggedModelStatus.Ready ? 1 : 0, 1),
        ["delete"] = (static async (store, _, model) => (await store.Models.DeleteAsync(model, Ct)).IsOk, static model => model.Stage is LifecycleStage.Deleted ? 1 : 0, 1),
        ["points"] = (static async (store, run, model) => (await store.LogForAsync(run, model, "d", null, new MetricPoint("m", 1, 1, 1), new MetricPoint("n", double.NaN, 2, 2))).IsOk, static model => model.Metrics.Length, 2),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool, int> Faults
    {
        get
        {
            var all = new TheoryData<string, bool, int>();
            foreach (var call in Calls.Keys)
            {
                all.Add(call, false, 0);
                all.Add(call, true, 0);
                all.Add(call, false, 2);
                all.Add(call, true, 2);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_write_is_whole_or_absent_whichever_request_fails_and_may_be_repeated(string name, bool afterEffect, int retries)
    {
        var (call, seen, whole) = Calls[name];
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        for (var n = 1; n <= 6; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries);
            await using var faulty = await store.AnotherAsync(faults);
            var (run, model) = (await store.CreateRunAsync(), await store.CreateModelAsync());

            faults.Arm(n);
            var answered = await TryAsync(() => call(faulty, run, model));
            faults.Arm(int.MaxValue);
            var after = seen((await store.Models.FindAsync(model, Ct))!);
            Assert.Contains(after, answered ? [whole] : new[] { 0, whole });

            Assert.True(await call(faulty, run, model));
            Assert.Equal(whole, seen((await store.Models.FindAsync(model, Ct))!));
            if (name == "points")
            {
                Assert.Single((await store.History.ListAsync(run, "m", null, null, Ct)).Value.Items);
            }
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task Creating_is_whole_or_absent_and_a_key_lets_it_be_repeated(bool afterEffect, int retries)
    {
        for (var n = 1; n <= 4; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries);
            await using var store = await Instance.StartAsync(azurite.ConnectionString, faults: faults);
            await store.Experiments.FindAsync(ExperimentId.Default, Ct);
            var wanted = new NewLoggedModel(ExperimentId.Default, "m") { Params = [new Tag("p", "1")], Tags = [new Tag("t", "1")] };

            faults.Arm(n);
            var answered = await TryAsync(async () => (await store.Models.CreateAsync(wanted, Ct)).IsOk);
            faults.Arm(int.MaxValue);
            var made = (await store.SearchModelsAsync([ExperimentId.Default], null, [])).Value.Items;
            Assert.InRange(made.Length, answered ? 1 : 0, 1);
            Assert.All(made, static model => Assert.Equal("1 1", $"{model.Params.Length} {model.Tags.Length}"));

            faults.Arm(n);
            await TryAsync(async () => (await store.Models.CreateAsync(wanted with { IdempotencyKey = "k" }, Ct)).IsOk);
            faults.Arm(int.MaxValue);
            Assert.True((await store.Models.CreateAsync(wanted with { IdempotencyKey = "k" }, Ct)).IsOk);
            Assert.Equal(made.Length + 1, (await store.SearchModelsAsync([ExperimentId.Default], null, [])).Value.Items.Length);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Points_of_many_models_reach_all_of_them_when_the_call_is_repeated(bool afterEffect)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var models = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => store.CreateModelAsync()));
        var points = models.ToDictionary(static model => model, model => (ImmutableArray<ModelMetric>)[new ModelMetric(new MetricPoint("m", 1, 1, 1), run, null, null)]);
        for (var n = 1; n <= 12; n++)
        {
            var faults = new FaultPolicy(afterEffect, 2);
            await using var faulty = await store.AnotherAsync(faults);

            faults.Arm(n);
            await TryAsync(async () => (await faulty.ModelLog.LogAsync(run, Logs.Point("m", 1, 1, 1), points, Ct)).IsOk);
            faults.Arm(int.MaxValue);
            Assert.True((await faulty.ModelLog.LogAsync(run, Logs.Point("m", 1, 1, 1), points, Ct)).IsOk);

            foreach (var model in models)
            {
                Assert.Single((await store.Models.FindAsync(model, Ct))!.Metrics);
            }
        }
        Assert.Single((await store.History.ListAsync(run, "m", null, null, Ct)).Value.Items);
    }

    private static async Task<bool> TryAsync(Func<Task<bool>> call)
    {
        try
        {
            return await call();
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
