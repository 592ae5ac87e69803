using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Datasets;
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

    [Fact]
    public async Task Calls_that_do_not_fit_one_write_together_are_written_one_after_another()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(call => store.Runs.LogAsync(
            run, new RunLog([], [.. Enumerable.Range(0, 100).Select(i => new Tag(string.Create(CultureInfo.InvariantCulture, $"p{call}.{i}"), new string('x', 4000)))], []), Ct)));

        Assert.All(answers, static answer => Assert.True(answer.IsOk, answer.Failure?.Detail));
        Assert.Equal(3200, (await store.Runs.FindAsync(run, Ct))!.Params.Length);
    }

    [Fact]
    public async Task A_call_that_throws_fails_alone()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var calls = Enumerable.Range(0, 30).Select(i => i % 10 == 5
            ? store.Runs.SetTagAsync(run, "k", static _ => throw new NotSupportedException(), Ct)
            : store.Runs.LogAsync(run, Logs.Point(string.Create(CultureInfo.InvariantCulture, $"m{i}"), i, i), Ct)).ToList();

        await Task.WhenAll(calls.Select(static call => Record.ExceptionAsync(() => call).AsTask()));

        Assert.Equal([5, 15, 25], calls.Select(static (call, i) => (call, i)).Where(static pair => pair.call.Exception?.InnerException is NotSupportedException).Select(static pair => pair.i));
        Assert.Equal(27, calls.Count(static call => call.IsCompletedSuccessfully && call.Result.IsOk));
        Assert.Equal(27, (await store.Runs.FindAsync(run, Ct))!.Metrics.Length);
    }

    [Fact]
    public async Task Inputs_of_a_run_have_limits_and_one_that_breaks_them_fails_alone()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var tags = Enumerable.Range(0, 100).Select(static i => new Tag(string.Create(CultureInfo.InvariantCulture, $"t{i}"), new string('数', 500))).ToList();

        var refused = store.Runs.LogInputsAsync(run, [Dataset("large", [.. tags])], [], Ct);
        var taken = store.Runs.LogInputsAsync(run, [Dataset("fitting", [.. tags[..36]])], [], Ct);
        var joined = store.Runs.LogAsync(run, Logs.Point("m", 1, 1), Ct);

        Assert.Equal("The name, digest and tags of a dataset take up to 61440 bytes.", Assert.IsType<Failure.Invalid>((await refused).Failure).Detail);
        Assert.True((await taken).IsOk);
        Assert.True((await joined).IsOk);
        Assert.Equal("fitting", Assert.Single((await store.Runs.FindAsync(run, Ct))!.Datasets).Name);
    }

    [Theory]
    [InlineData(1000, 1, 1900, null)]
    [InlineData(1000, 1, 2100, "A call takes up to 2097152 bytes of inputs or outputs; send the rest in another.")]
    [InlineData(130, 5, 15_000, "A run takes up to 8388608 bytes of inputs and outputs.")]
    public async Task Bytes_of_inputs_are_bounded_for_a_call_and_for_a_run(int count, int calls, int size, string? detail)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        Result<RunInfo> last = default;
        for (var call = 0; call < calls; call++)
        {
            last = await store.Runs.LogInputsAsync(run, [.. Enumerable.Range(0, count).Select(i => Dataset(string.Create(CultureInfo.InvariantCulture, $"d{call}.{i}"), [new Tag("k", new string('x', size))]))], [], Ct);
        }

        Assert.Equal(detail, last.Failure?.Detail);
        Assert.True((await store.Runs.LogAsync(run, Logs.Point("m", 1, 1), Ct)).IsOk);
    }

    [Fact]
    public async Task Nothing_is_put_for_a_run_that_may_not_have_it()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var (deleted, absent) = (await store.CreateRunAsync(), RunId.New(default, 0, DateTimeOffset.UnixEpoch));
        Assert.True((await store.Runs.DeleteAsync(deleted, Ct)).IsOk);
        foreach (var (instance, run) in new[] { (store, deleted), (other, deleted), (store, absent) })
        {
            Assert.False((await instance.Runs.LogInputsAsync(run, [Dataset("d", []) with { Profile = new string('x', 100_000) }], [], Ct)).IsOk);
        }

        Assert.Empty(await store.Storage.Inputs.GetBlobsAsync(cancellationToken: Ct).ToListAsync(Ct));
    }

    private static DatasetInput Dataset(string name, ImmutableArray<Tag> tags) => new(name, "1", "t", "s", null, null, tags);
}
