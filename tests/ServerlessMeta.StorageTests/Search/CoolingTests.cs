using System.Collections.Concurrent;
using System.Globalization;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Search;

/// <summary>Runs that cool, warm and are searched at the same time.</summary>
public sealed class CoolingTests(AzuriteFixture azurite)
{
    private const int Writes = 120;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_search_sees_every_write_that_was_answered_before_it_began(int bits)
    {
        await using var writer = await Instance.StartAsync(azurite.ConnectionString, settings: ("Experiments:PartitionBits", bits.ToString(CultureInfo.InvariantCulture)));
        await using var second = await writer.AnotherAsync();
        await using var cooler = await writer.AnotherAsync();
        await using var searcher = await writer.AnotherAsync();
        var answered = new ConcurrentDictionary<RunId, long>();
        foreach (var run in await writer.CreateRunsAsync(default, 20))
        {
            answered[run] = 0;
        }
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var cooling = CoolAsync(cooler, done.Token);
        var searching = Task.WhenAll(SearchAsync(searcher, answered, TimeSpan.Zero, done.Token), SearchAsync(writer, answered, TimeSpan.FromMilliseconds(200), done.Token));

        await Task.WhenAll(WriteAsync(writer, answered, 1), WriteAsync(second, answered, 2));

        await done.CancelAsync();
        await cooling;
        var searches = await searching;
        Assert.All(searches, static count => Assert.True(count > 0));
        await CheckAsync(searcher, answered);
        await CheckAsync(second, answered);
    }

    private static async Task WriteAsync(Instance store, ConcurrentDictionary<RunId, long> answered, int seed)
    {
        var random = new Random(seed);
        for (var write = 1; write <= Writes; write++)
        {
            if (random.Next(8) == 0)
            {
                answered[await store.CreateRunAsync()] = 0;
                continue;
            }
            // Each writer has runs of its own, so that the value a run was last answered with is known.
            var own = answered.Keys.Where(run => ((int)(ulong)(run.Bits >> 20) & 1) == seed - 1).ToList();
            var chosen = own[random.Next(own.Count)];
            Assert.True((await store.Runs.LogAsync(chosen, Logs.Point("n", write, write), Ct)).IsOk);
            answered[chosen] = write;
        }
    }

    private static async Task CoolAsync(Instance store, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await store.Upkeep.RunAsync(Ct);
        }
    }

    private static async Task<int> SearchAsync(Instance store, ConcurrentDictionary<RunId, long> answered, TimeSpan pause, CancellationToken done)
    {
        var count = 0;
        for (; !done.IsCancellationRequested; count++)
        {
            await CheckAsync(store, answered);
            // Long enough for runs to warm and cool again unseen.
            await Task.Delay(pause, TimeProvider.System, Ct);
        }
        return count;
    }

    private static async Task CheckAsync(Instance store, ConcurrentDictionary<RunId, long> answered)
    {
        var before = answered.ToArray();
        var found = (await store.RunsAsync(default)).ToDictionary(static run => run.Info.Id);
        foreach (var (run, least) in before)
        {
            Assert.True(found.TryGetValue(run, out var seen), $"Run {run} is missing.");
            Assert.True(least == 0 || seen.Metrics.Single().Value >= least, $"Run {run} is older than {least}.");
        }
    }
}
