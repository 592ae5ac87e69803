using Azure.Storage.Blobs;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Search;

/// <summary>An index that one instance saved is where the next one begins.</summary>
public sealed class SavedIndexTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_instance_reads_only_what_came_after()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var runs = await store.CreateRunsAsync(default, 1_200);
        await store.Upkeep.RunAsync(Ct);
        Assert.Equal(1_200, (await store.IdsAsync(default)).Length);
        await SavedAsync(store);
        await store.Runs.LogAsync(runs[7], Logs.Point("loss", 7, 1), Ct);
        await store.Runs.LogAsync(runs[8], Logs.Point("loss", 8, 1), Ct);
        await store.Runs.DeleteAsync(runs[9], Ct);
        await store.Upkeep.RunAsync(Ct);
        await store.Runs.LogAsync(runs[8], Logs.Point("loss", 9, 2), Ct);
        var added = await store.CreateRunAsync();

        await using var next = await store.AnotherAsync();
        var cost = await Instance.CountAsync(async () => Assert.Equal(1_200, (await next.IdsAsync(default)).Length));

        // The experiment, the saved index, what is hot, what cooled, and the stretches of runs these name.
        Assert.InRange(cost, 1, 8);
        Assert.Equal([runs[7]], await next.IdsAsync(default, "metrics.loss = 7"));
        Assert.Equal([runs[8]], await next.IdsAsync(default, "metrics.loss = 9"));
        Assert.Contains(added, await next.IdsAsync(default));
        Assert.DoesNotContain(runs[9], await next.IdsAsync(default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    public async Task A_damaged_one_is_no_index(int length)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.CreateRunsAsync(default, 1_050);
        await store.Upkeep.RunAsync(Ct);
        await store.IdsAsync(default);
        var blob = await SavedAsync(store);
        var content = (await blob.DownloadContentAsync(Ct)).Value.Content.ToArray();
        await blob.UploadAsync(BinaryData.FromBytes(content[..length]), overwrite: true, Ct);

        await using var next = await store.AnotherAsync();

        Assert.Equal(1_050, (await next.IdsAsync(default)).Length);
    }

    private static async Task<BlobClient> SavedAsync(Instance store)
    {
        var blob = store.Storage.Indexes.GetBlobClient("0000000000000/0000");
        for (var i = 0; i < 200 && !await blob.ExistsAsync(Ct); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
        return blob;
    }
}
