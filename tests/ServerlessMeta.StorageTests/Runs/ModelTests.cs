using System.Globalization;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Runs;

/// <summary>Random calls through two instances agree with a plain model in memory.</summary>
public sealed class ModelTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Two_instances_and_a_plain_model_agree_after_random_calls(int seed)
    {
        var random = new Random(seed);
        await using var one = await Instance.StartAsync(azurite.ConnectionString);
        await using var two = await one.AnotherAsync();
        var run = await one.CreateRunAsync();
        var (points, parameters, tags, deleted) = (new HashSet<MetricPoint>(), new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal), false);

        for (var call = 0; call < 150; call++)
        {
            var store = random.Next(2) == 0 ? one : two;
            var key = string.Create(CultureInfo.InvariantCulture, $"k{random.Next(6)}");
            var value = string.Create(CultureInfo.InvariantCulture, $"v{random.Next(3)}");
            switch (random.Next(10))
            {
                case < 5:
                    MetricPoint[] logged = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => new MetricPoint(key, random.Next(4) == 0 ? double.NaN : random.Next(3), random.Next(5), random.Next(-3, 4)))];
                    var answer = await store.Runs.LogAsync(run, Logs.Points(logged), Ct);
                    Assert.Equal(!deleted, answer.IsOk);
                    if (!deleted)
                    {
                        points.UnionWith(logged);
                    }
                    break;
                case 5:
                    var set = await store.Runs.LogAsync(run, Logs.Param(key, value), Ct);
                    Assert.Equal(!deleted && (!parameters.TryGetValue(key, out var old) || old == value), set.IsOk);
                    if (set.IsOk)
                    {
                        parameters[key] = value;
                    }
                    break;
                case 6:
                    Assert.Equal(!deleted, (await store.Runs.LogAsync(run, Logs.TagOf(key, value), Ct)).IsOk);
                    if (!deleted)
                    {
                        tags[key] = value;
                    }
                    break;
                case 7:
                    Assert.Equal(!deleted && tags.ContainsKey(key), (await store.Runs.DeleteTagAsync(run, key, Ct)).IsOk);
                    if (!deleted)
                    {
                        tags.Remove(key);
                    }
                    break;
                case 8:
                    await store.Upkeep.RunAsync(Ct);
                    break;
                default:
                    deleted = !deleted && random.Next(3) == 0;
                    Assert.True((await (deleted ? store.Runs.DeleteAsync(run, Ct) : store.Runs.RestoreAsync(run, Ct))).IsOk);
                    break;
            }
        }

        var found = (await two.Runs.FindAsync(run, Ct))!;
        Assert.Equal(parameters.OrderBy(static p => p.Key, StringComparer.Ordinal), found.Params.Select(static p => KeyValuePair.Create(p.Key, p.Value)).OrderBy(static p => p.Key, StringComparer.Ordinal));
        Assert.Equal(tags.OrderBy(static p => p.Key, StringComparer.Ordinal), found.Tags.Select(static p => KeyValuePair.Create(p.Key, p.Value)).OrderBy(static p => p.Key, StringComparer.Ordinal));
        Assert.Equal(deleted ? LifecycleStage.Deleted : LifecycleStage.Active, found.Info.Stage);
        Assert.Equal(points.Select(static p => p.Key).Distinct().Order(StringComparer.Ordinal), found.Metrics.Select(static m => m.Key).Order(StringComparer.Ordinal));
        var together = (await one.History.ReadAsync(run, [.. found.Metrics.Select(static metric => metric.Key), "never logged"], long.MinValue, Ct)).Value;
        Assert.Equal(found.Metrics.Select(static metric => metric.Key), together.Select(static series => series.Key));
        var lately = points.Count == 0 ? 0 : points.Max(static point => point.Timestamp) / 2;
        foreach (var series in (await two.History.ReadAsync(run, [.. found.Metrics.Select(static metric => metric.Key)], lately, Ct)).Value)
        {
            Assert.Equal(together.Single(whole => whole.Key == series.Key).Points.Where(point => point.Timestamp >= lately), series.Points);
        }
        if (await one.History.FindWholeAsync(run, Ct) is { } whole)
        {
            Assert.Equal(together.Select(static series => (series.Key, series.Points.Length)), whole.Select(static series => (series.Key, series.Points.Length)));
        }
        foreach (var metric in points.GroupBy(static point => point.Key))
        {
            Assert.Equal((await one.History.ListAsync(run, metric.Key, null, null, Ct)).Value.Items, together.Single(series => series.Key == metric.Key).Points);
            var expected = metric.OrderBy(static p => p.Timestamp).ThenBy(static p => p.Step).ThenBy(static p => double.IsNaN(p.Value) ? 0 : p.Value).ThenBy(static p => double.IsNaN(p.Value)).ToList();
            Assert.Equal(expected, (await one.History.ListAsync(run, metric.Key, null, null, Ct)).Value.Items);
            var latest = metric.OrderBy(static p => p.Step).ThenBy(static p => p.Timestamp).ThenBy(static p => double.IsNaN(p.Value) ? 0 : p.Value).ThenBy(static p => double.IsNaN(p.Value)).Last();
            Assert.Equal(latest, found.Metrics.Single(m => m.Key == metric.Key));
        }
    }
}
