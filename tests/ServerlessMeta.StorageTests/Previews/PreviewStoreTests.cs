using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Datasets;
using ServerlessMeta.Previews;
using ServerlessMeta.StorageTests.Artifacts;
using SkiaSharp;

namespace ServerlessMeta.StorageTests.Previews;

public sealed class PreviewStoreTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(40)]
    [InlineData(2_000)]
    public async Task A_thumbnail_that_was_made_is_kept(int width)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var file = await store.PutAsync("plot.png", Picture(width));
        var made = await store.Previews.FindThumbnailAsync(file, Ct);

        await store.Storage.Contents.DeleteBlobAsync(file.Blob, cancellationToken: Ct);

        Assert.Equal(1, await Instance.CountAsync(async () => Assert.Equal(made!.ToArray(), (await store.Previews.FindThumbnailAsync(file, Ct))!.ToArray())));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task A_picture_that_cannot_be_decoded_is_read_once(int size)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var file = await store.PutAsync("plot.png", new byte[size]);
        Assert.Null(await store.Previews.FindThumbnailAsync(file, Ct));

        await store.Storage.Contents.DeleteBlobAsync(file.Blob, cancellationToken: Ct);

        Assert.Null(await store.Previews.FindThumbnailAsync(file, Ct));
    }

    [Fact]
    public async Task Pictures_asked_for_at_once_are_made_all_the_same()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var file = await store.PutAsync("plot.png", Picture(400));

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Previews.FindThumbnailAsync(file, Ct)));

        Assert.All(made, one => Assert.Equal(made[0]!.ToArray(), one!.ToArray()));
    }

    [Fact]
    public async Task A_preview_that_its_time_cut_is_not_kept()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        using var slow = new PreviewStore(store.Storage, store.Artifacts, new PreviewMaker(new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(10) }));
        var file = await store.Artifacts.PutAsync(Files.Path("a.csv"), new MemoryStream(Files.Bytes("a\n" + string.Concat(Enumerable.Repeat("1\n", 5_000_000)))), new DeclaredContent(), Ct);

        var cut = await slow.GetAsync(file.Value, Ct);
        var whole = await store.Previews.GetAsync(file.Value, Ct);

        Assert.Equal((false, true), (cut.IsRepeatable, whole.IsRepeatable));
        Assert.Contains("\"rowsRead\":5000000", (await slow.GetAsync(file.Value, Ct)).Json.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_previews_file_is_found_by_two_operations_whatever_its_run_read()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        Assert.True((await store.Runs.LogInputsAsync(run, [new DatasetInput("d", "1", "t", "s", null, new string('x', 100_000), [])], [], Ct)).IsOk);
        Assert.True((await store.Artifacts.PutAsync(ArtifactPath.Parse($"0/{run}/artifacts/plot.png").Value, new MemoryStream(Picture(10)), new DeclaredContent(), Ct)).IsOk);

        Assert.Equal(2, await Instance.CountAsync(async () => Assert.True((await store.PreviewedFiles.FindAsync(run.ToString(), "plot.png", null, Ct)).IsOk)));
    }

    [Fact]
    public async Task Previews_go_with_the_content_that_they_show()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        var file = await store.PutAsync("plot.png", Picture(100));
        Assert.NotNull(await store.Previews.FindThumbnailAsync(file, Ct));
        await store.Artifacts.DeleteAsync(file.Path, Ct);

        for (var day = 0; day < 3; day++)
        {
            clock.Advance(TimeSpan.FromHours(25));
            await store.Sweep.RunAsync(Ct);
        }

        Assert.Empty(await store.Storage.Previews.GetBlobsAsync(cancellationToken: Ct).ToListAsync(Ct));
    }

    private static byte[] Picture(int width)
    {
        using var picture = new SKBitmap(width, 30);
        picture.Erase(SKColors.Teal);
        using var encoded = picture.Encode(SKEncodedImageFormat.Png, 100);
        return encoded.ToArray();
    }
}
