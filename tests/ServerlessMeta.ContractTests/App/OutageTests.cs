using System.Globalization;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.App;

/// <summary>Storage goes away in the middle of things.</summary>
public sealed class OutageTests(KestrelHost host, AzuriteFixture azurite) : IClassFixture<KestrelHost>
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    public async Task A_cut_is_a_503_that_leaves_nothing_half_written_and_passes(int answers)
    {
        await using var relay = new TcpRelay(azurite.TablePort);
        var store = await host.AnotherAsync(connectionString: azurite.ConnectionString.Replace($":{azurite.TablePort}/", $":{relay.Port}/", StringComparison.Ordinal));
        var run = await store.Api.CreateRunAsync("0");

        relay.CutAfter(answers);
        var first = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => LogAsync(store, run, i)));
        relay.Mend();
        var second = await Task.WhenAll(Enumerable.Range(20, 20).Select(i => LogAsync(store, run, i)));

        Assert.All(first.Where(static answer => answer.Status != 200), static answer =>
        {
            answer.Fails(503, "TEMPORARILY_UNAVAILABLE", "Storage did not answer; try again.");
            Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        });
        Assert.All(second, static answer => answer.Ok());
        var data = (await host.Api.GetRunAsync(run))["data"]!;
        var parameters = data["params"]!.AsArray().Select(static param => int.Parse(param!["key"]!.ToString()[1..], CultureInfo.InvariantCulture)).ToHashSet();
        var tags = data["tags"]!.AsArray().Skip(1).Select(static tag => int.Parse(tag!["key"]!.ToString()[1..], CultureInfo.InvariantCulture)).ToHashSet();
        var points = (await host.Api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "m"))).Ok()["metrics"]!.AsArray().Select(static point => point!["step"]!.GetValue<int>()).ToHashSet();
        Assert.True(parameters.SetEquals(tags) && parameters.SetEquals(points));
        Assert.Subset(parameters, first.Index().Where(static pair => pair.Item.Status == 200).Select(static pair => pair.Index).Concat(Enumerable.Range(20, 20)).ToHashSet());
    }

    [Fact]
    public async Task While_storage_is_away_reads_and_writes_say_so_and_health_still_answers()
    {
        await using var relay = new TcpRelay(azurite.TablePort);
        var store = await host.AnotherAsync(connectionString: azurite.ConnectionString.Replace($":{azurite.TablePort}/", $":{relay.Port}/", StringComparison.Ordinal));
        var run = await store.Api.CreateRunAsync("0");
        relay.Cut();

        foreach (var answer in await Task.WhenAll(
            store.Api.GetAsync("runs/get", ("run_id", run)), store.Api.PostAsync("runs/create", new { experiment_id = "0" }), store.Api.PostAsync("experiments/create", new { name = "away" }),
            store.Api.PostAsync("runs/search", new { experiment_ids = new[] { "0" } }), store.Api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "m")), store.Api.PostAsync("runs/set-tag", new { run_id = run, key = "k", value = "v" })))
        {
            answer.Fails(503, "TEMPORARILY_UNAVAILABLE", "Storage did not answer; try again.");
        }
        Assert.Equal("OK", (await store.Api.GetAsync("/health")).Text);

        relay.Mend();
        (await store.Api.PostAsync("runs/set-tag", new { run_id = run, key = "k", value = "v" })).Ok();
    }

    [Fact]
    public async Task A_client_that_goes_away_does_not_cancel_what_others_wait_for()
    {
        var run = await host.Api.CreateRunAsync("0");
        var answers = new List<Task<Answer>>();
        for (var i = 0; i < 30; i++)
        {
            answers.Add(LogAsync(host, run, 2 * i));
            using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(i % 4));
            using var leaving = new HttpRequestMessage(HttpMethod.Post, Api.Root + "runs/log-metric") { Content = new StringContent($"{{\"run_id\":\"{run}\",\"key\":\"gone\",\"value\":{i},\"timestamp\":{i}}}", null, "application/json") };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await host.Api.Http.SendAsync(leaving, impatient.Token);
                impatient.Token.ThrowIfCancellationRequested();
                throw new OperationCanceledException();
            });
        }

        Assert.All(await Task.WhenAll(answers), static answer => answer.Ok());
        Assert.Equal(30, (await host.Api.GetRunAsync(run))["data"]!["params"]!.AsArray().Count);
    }

    [Fact]
    public async Task Clocks_an_hour_apart_change_nothing()
    {
        var late = await host.AnotherAsync(new ShiftedClock(TimeSpan.FromHours(-1)));
        var early = await host.AnotherAsync(new ShiftedClock(TimeSpan.FromHours(1)));
        var experiment = await late.Api.CreateExperimentAsync();
        for (var i = 0; i < 6; i++)
        {
            var (one, two) = i % 2 == 0 ? (late, early) : (early, late);
            var run = await one.Api.CreateRunAsync(experiment);
            (await LogAsync(two, run, 1)).Ok();
            (await LogAsync(one, run, 2)).Ok();
            Assert.Equal(i + 1, (await two.Api.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter = "params.p1 = '1' and params.p2 = '2'" })).Ok()["runs"]!.AsArray().Count);
        }
        (await early.Api.PostAsync("experiments/delete", new { experiment_id = experiment })).Ok();
        Assert.Null((await late.Api.PostAsync("runs/search", new { experiment_ids = new[] { experiment } })).Ok()["runs"]);
        (await late.Api.PostAsync("experiments/restore", new { experiment_id = experiment })).Ok();
        Assert.Equal(6, (await early.Api.PostAsync("runs/search", new { experiment_ids = new[] { experiment } })).Ok()["runs"]!.AsArray().Count);
    }

    private static Task<Answer> LogAsync(StoreHost store, string run, int i) => store.Api.PostAsync("runs/log-batch", new
    {
        run_id = run,
        metrics = new[] { new { key = "m", value = i, timestamp = i, step = i } },
        @params = new[] { new { key = $"p{i}", value = $"{i}" } },
        tags = new[] { new { key = $"t{i}", value = $"{i}" } },
    });

    private sealed class ShiftedClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
