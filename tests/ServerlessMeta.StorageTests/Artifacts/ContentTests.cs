using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.Artifacts;

/// <summary>What uploads cost, what the sweep takes and spares, and what a verification finds.</summary>
public sealed class ContentTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_small_file_is_three_operations_and_known_bytes_one()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();

        Assert.Equal(3, await Instance.CountAsync(() => store.PutAsync("a/b/c", Files.Noise(4096, 1))));
        Assert.Equal(3, await Instance.CountAsync(() => store.PutAsync("a/b/d", Files.Noise(4096, 2))));
        Assert.Equal(1, await Instance.CountAsync(() => store.PutAsync("a/b/e", Files.Noise(4096, 1))));
        Assert.Equal(2, await Instance.CountAsync(() => store.ReadAsync("a/b/c")));
        Assert.Equal(7, await Instance.CountAsync(() => other.PutAsync("f", Files.Noise(4096, 1))));
    }

    [Fact]
    public async Task The_sweep_takes_content_without_a_file_after_the_grace_time_and_nothing_else()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        await store.PutAsync("kept", Files.Bytes("kept"));
        await store.PutAsync("gone", Files.Bytes("gone"));
        await store.PutAsync("replaced", Files.Bytes("old"));
        await store.PutAsync("replaced", Files.Bytes("new"));
        await store.Artifacts.DeleteAsync(Files.Path("gone"), Ct);

        await store.Sweep.RunAsync(Ct);
        Assert.Equal(4, await store.CountBlobsAsync());
        clock.Advance(TimeSpan.FromHours(25));
        await store.Sweep.RunAsync(Ct);
        Assert.Equal(4, await store.CountBlobsAsync());
        clock.Advance(TimeSpan.FromHours(25));
        await store.Sweep.RunAsync(Ct);

        Assert.Equal(2, await store.CountBlobsAsync());
        Assert.Equal(Files.Bytes("kept"), await store.ReadAsync("kept"));
        Assert.Equal(Files.Bytes("new"), await store.ReadAsync("replaced"));
    }

    [Fact]
    public async Task Content_that_a_file_gets_again_is_spared()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        await store.PutAsync("a", Files.Bytes("same"));
        await store.Artifacts.DeleteAsync(Files.Path("a"), Ct);
        clock.Advance(TimeSpan.FromHours(25));
        await store.Sweep.RunAsync(Ct);
        clock.Advance(TimeSpan.FromHours(25));

        await store.PutAsync("b", Files.Bytes("same"));
        await store.Artifacts.DeleteAsync(Files.Path("b"), Ct);
        await store.Sweep.RunAsync(Ct);
        await store.PutAsync("c", Files.Bytes("same"));
        await store.Sweep.RunAsync(Ct);

        Assert.Equal(Files.Bytes("same"), await store.ReadAsync("c"));
        Assert.Equal(1, await store.CountBlobsAsync());
    }

    [Fact]
    public async Task Uploads_and_deletions_beside_sweeps_lose_nothing()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        for (var round = 0; round < 10; round++)
        {
            // Half a day a round: content is found without a file in one round, taken in the next but one, and used again in between.
            clock.Advance(TimeSpan.FromHours(13));
            await store.PutAsync("passing", Files.Noise(100, round % 3));
            await store.Artifacts.DeleteAsync(Files.Path("passing"), Ct);
            await Task.WhenAll(store.Sweep.RunAsync(Ct), store.PutAsync($"f{round}", Files.Noise(100, round % 3)), store.PutAsync($"g{round}", Files.Noise(100, round % 3)));
        }

        for (var round = 0; round < 10; round++)
        {
            Assert.Equal(Files.Noise(100, round % 3), await store.ReadAsync($"f{round}"));
            Assert.Equal(Files.Noise(100, round % 3), await store.ReadAsync($"g{round}"));
        }
    }

    [Fact]
    public async Task A_blob_that_a_crash_left_without_a_claim_goes()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        await store.Storage.Contents.UploadBlobAsync(ContentKeys.NewBlob(), BinaryData.FromString("left"), Ct);
        await store.PutAsync("a", Files.Bytes("a"));

        await store.Sweep.RunAsync(Ct);
        Assert.Equal(2, await store.CountBlobsAsync());
        clock.Advance(TimeSpan.FromHours(25));
        await store.Sweep.RunAsync(Ct);

        Assert.Equal(1, await store.CountBlobsAsync());
        Assert.Equal(Files.Bytes("a"), await store.ReadAsync("a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_changed_or_removed_behind_the_stores_back_are_found_noted_and_mended_by_the_next_upload(bool changed)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var file = await store.PutAsync("a", Files.Bytes("right"));
        Assert.Equal(file, (await store.Verifier.VerifyAsync(file, Ct)).Value);
        var blob = store.Storage.Contents.GetBlobClient(file.Blob);
        await (changed ? blob.UploadAsync(BinaryData.FromString("wrong"), overwrite: true, Ct) : blob.DeleteAsync(cancellationToken: Ct) as Task);

        Assert.IsType<Failure.Corrupt>((await store.Verifier.VerifyAsync(file, Ct)).Failure);
        Assert.IsType<Failure.Corrupt>((await store.Verifier.VerifyAsync(file, Ct)).Failure);

        var fault = Assert.Single(await store.Verifier.ListFaultsAsync(file.Sha256, Ct));
        Assert.Equal((file.Blob, file.Path.ToString(), changed ? Files.Sha256(Files.Bytes("wrong")) : null), (fault.Blob, fault.Path, fault.Found?.Sha256));
        var again = await store.PutAsync("b", Files.Bytes("right"));
        Assert.NotEqual(file.Blob, again.Blob);
        Assert.True((await store.Verifier.VerifyAsync(again, Ct)).IsOk);
        Assert.Equal(again.Blob, (await store.PutAsync("c", Files.Bytes("right"))).Blob);
        Assert.Equal(again.Blob, (await store.Verifier.VerifyAsync(file, Ct)).Value.Blob);
        Assert.Equal(Files.Bytes("right"), await store.ReadAsync("a"));
    }
}
