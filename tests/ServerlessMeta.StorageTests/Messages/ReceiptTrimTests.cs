using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Models;
using ServerlessMeta.StorageTests.Policies;

namespace ServerlessMeta.StorageTests.Messages;

/// <summary>Receipts stay as long as the setting says, in every table that has them, and then go.</summary>
public sealed class ReceiptTrimTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_known_for_days_and_forgotten_after_them()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, settings: [("Messages:ReceiptDays", "7")]);
        var run = await store.CreateRunAsync();
        await store.RegisterAsync(Governing.Model, 1);
        await DeliverAllAsync(store, run, isKnown: false);

        time.Advance(TimeSpan.FromDays(6.9));
        await store.Receipts.RunAsync(Ct);
        await DeliverAllAsync(store, run, isKnown: true);

        time.Advance(TimeSpan.FromDays(0.2));
        await store.Receipts.RunAsync(Ct);
        Assert.Empty(await Messaging.ReceiptsAsync(store.Table));
        Assert.Empty(await Messaging.ReceiptsAsync(store.Storage.ArtifactVersions));
        Assert.Empty(await Messaging.ReceiptsAsync(store.Storage.Models));
        await DeliverAllAsync(store, run, isKnown: false);
    }

    [Fact]
    public async Task Trimming_costs_an_operation_for_each_partition_and_one_for_each_hundred_old_receipts()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        var run = await store.CreateRunAsync();
        // The list of experiments, the partitions of runs, models, artifacts, rules and of what is monitored.
        const int Still = 1 + 1 + 1 + 16 + 1 + 16;
        Assert.Equal(Still, await Instance.CountAsync(() => store.Receipts.RunAsync(Ct)));

        await store.Runs.LogAsync(run, Logs.Point("loss", 1, 1), Ct);
        await Task.WhenAll(Enumerable.Range(0, 250).Select(i => store.DeliverAsync($"{i}", one => one.Runs.LogAsync(run, Logs.Point("loss", i, i), Ct))));
        time.Advance(TimeSpan.FromDays(31));
        await store.DeliverAsync("young", one => one.Runs.LogAsync(run, Logs.Point("loss", 1, 1), Ct));
        Assert.Equal(Still + 3, await Instance.CountAsync(() => store.Receipts.RunAsync(Ct)));

        Assert.Single(await Messaging.ReceiptsAsync(store.Table));
    }

    [Fact]
    public async Task Two_that_trim_at_once_disturb_nobody()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        var run = await store.CreateRunAsync();
        var partition = ServerlessMeta.Runs.RunKeys.Partition(run);
        await Parallel.ForAsync(0, 5, Ct, async (part, ct) =>
        {
            var adding = new GroupTransaction(store.Table, partition);
            for (var i = 0; i < 100; i++)
            {
                adding.Add(new Receipt("test", $"{part} {i}", time.GetUtcNow()).In(partition));
            }
            await adding.CommitAsync(ct);
        });
        time.Advance(TimeSpan.FromDays(31));

        await Task.WhenAll(store.Receipts.RunAsync(Ct), store.Receipts.RunAsync(Ct));
        await store.Receipts.RunAsync(Ct);

        Assert.Empty(await Messaging.ReceiptsAsync(store.Table));
    }

    private static async Task DeliverAllAsync(Instance store, ServerlessMeta.Runs.RunId run, bool isKnown)
    {
        Assert.Equal(isKnown, (await store.DeliverAsync("log", one => one.Runs.LogAsync(run, Logs.Point("loss", 1, 1), Ct))).IsKnown);
        Assert.Equal(isKnown, (await store.DeliverAsync("register", one => one.Versions.RegisterAsync(new Registration("data", ArtifactType.Dataset, new ArtifactDigests(null, null, "d1"), "s3://a"), Ct))).IsKnown);
        Assert.Equal(isKnown, (await store.DeliverAsync("evaluate", one => one.Evaluations.RecordAsync(Governing.Model, 1, Governing.Content(0.9), null, Ct))).IsKnown);
    }
}
