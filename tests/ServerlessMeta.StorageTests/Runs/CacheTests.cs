using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Runs;

/// <summary>What an instance remembers of runs is bounded, and forgetting disturbs no one.</summary>
public sealed class CacheTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forgetting_runs_while_others_are_made_fails_no_call()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: [("Runs:CacheMegabytes", "1"), ("Experiments:PartitionBits", "6")]);
        await store.CreateRunAsync();

        await Parallel.ForAsync(0, 3_000, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Ct }, async (i, ct) =>
        {
            var run = await store.Runs.CreateAsync(new NewRun(default, $"run {i}", "", DateTimeOffset.UnixEpoch, []), ct);
            if (i % 10 == 0)
            {
                Assert.True((await store.Runs.LogAsync(run.Value.Info.Id, Logs.Point("loss", i, i), ct)).IsOk);
            }
        });
    }
}
