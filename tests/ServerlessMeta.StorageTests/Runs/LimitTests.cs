using System.Globalization;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Runs;

public sealed class LimitTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_takes_20000_metric_keys_and_refuses_one_more()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        for (var batch = 0; batch < 20; batch++)
        {
            var from = batch * 1000;
            var log = Logs.Points([.. Enumerable.Range(from, 1000).Select(static i => new MetricPoint(Key(i), i, i, 0))]);
            Assert.True((await store.Runs.LogAsync(run, log, Ct)).IsOk);
        }

        Assert.IsType<Failure.Invalid>((await store.Runs.LogAsync(run, Logs.Point("one too many", 1, 1), Ct)).Failure);
        await using var other = await store.AnotherAsync();
        var found = (await other.Runs.FindAsync(run, Ct))!;
        Assert.Equal(20_000, found.Metrics.Length);
        Assert.Equal(19_999, Assert.Single((await other.History.ListAsync(run, Key(19_999), null, null, Ct)).Value.Items).Value);
        Assert.True((await other.Runs.LogAsync(run, Logs.Point(Key(12_345), -1, 7), Ct)).IsOk);
        Assert.Equal(2, (await store.History.ListAsync(run, Key(12_345), null, null, Ct)).Value.Items.Length);

        static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"layer/{number}/weight.norm");
    }

    [Fact]
    public async Task A_hundred_long_params_do_not_stop_thousands_of_log_calls()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        Tag[] parameters = [.. Enumerable.Range(0, 100).Select(static i => new Tag(string.Create(CultureInfo.InvariantCulture, $"p{i}"), new string((char)('a' + (i % 26)), 6000)))];
        Assert.True((await store.Runs.LogAsync(run, new RunLog([], [.. parameters], []), Ct)).IsOk);
        await Parallel.ForAsync(0, 2000, Ct, async (step, ct) => Assert.True((await store.Runs.LogAsync(run, Logs.Point("loss", step, step), ct)).IsOk));

        await using var other = await store.AnotherAsync();
        var found = (await other.Runs.FindAsync(run, Ct))!;
        Assert.Equal(parameters.OrderBy(static p => p.Key, StringComparer.Ordinal), found.Params.OrderBy(static p => p.Key, StringComparer.Ordinal));
        Assert.Equal(2000, (await other.History.ListAsync(run, "loss", null, null, Ct)).Value.Items.Length);
        Assert.True((await other.Runs.LogAsync(run, Logs.Param("p7", parameters[7].Value), Ct)).IsOk);
        Assert.False((await other.Runs.LogAsync(run, Logs.Param("p7", "other"), Ct)).IsOk);
    }

    [Fact]
    public async Task Metrics_keep_extreme_numbers()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        MetricPoint[] points =
        [
            new("m", double.NegativeInfinity, long.MinValue, long.MinValue), new("m", double.Epsilon, long.MinValue, 0), new("m", -0.0, 0, -1), new("m", double.NaN, 0, 0),
            new("m", double.MaxValue, long.MaxValue, long.MaxValue), new("m", double.PositiveInfinity, long.MaxValue, long.MaxValue),
        ];
        Assert.True((await store.Runs.LogAsync(run, Logs.Points(points), Ct)).IsOk);
        for (var batch = 0; batch < 30; batch++)
        {
            await store.Runs.LogAsync(run, Logs.Noise(1000, 1, batch, batch * 1000), Ct);
        }

        var history = (await store.History.ListAsync(run, "m", null, null, Ct)).Value.Items;
        Assert.Equal(points, history);
        Assert.Equal(double.PositiveInfinity, (await store.Runs.FindAsync(run, Ct))!.Metrics.Single(static m => m.Key == "m").Value);
    }
}
