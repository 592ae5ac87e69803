using System.Text;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Datasets;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Previews;
using ServerlessMeta.Runs;
using SkiaSharp;

namespace ServerlessMeta.Tests.Previews;

public sealed class PreviewStoreTests : IDisposable
{
    private const string Content = "content/the-bytes";

    private readonly FakeStorage storage = new();
    private readonly ServiceProvider services;

    public PreviewStoreTests() => services = storage.Services();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(40)]
    [InlineData(2_000)]
    public async Task A_thumbnail_that_was_made_is_kept(int width)
    {
        using var store = Store(new FakeTimeProvider());
        var file = Put("plot.png", ImageTests.Picture(width, 30, SKEncodedImageFormat.Png));
        var made = await store.FindThumbnailAsync(file, Ct);
        storage.Calls.Clear();

        var found = await store.FindThumbnailAsync(file, Ct);

        Assert.Equal(made!.ToArray(), found!.ToArray());
        Assert.Single(storage.Calls);
        Assert.Equal(2, storage.Blobs.Keys.Count(static name => name.StartsWith("previews/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task A_picture_that_cannot_be_decoded_is_read_once(int size)
    {
        using var store = Store(new FakeTimeProvider());
        var file = Put("plot.png", new byte[size]);

        Assert.Null(await store.FindThumbnailAsync(file, Ct));
        Assert.Null(await store.FindThumbnailAsync(file, Ct));
        Assert.True((await store.GetAsync(file, Ct)).IsRepeatable);

        Assert.Equal(1, Reads());
    }

    [Fact]
    public async Task A_thumbnail_that_was_lost_is_made_again()
    {
        using var store = Store(new FakeTimeProvider());
        var file = Put("plot.png", ImageTests.Picture(40, 30, SKEncodedImageFormat.Png));
        await store.FindThumbnailAsync(file, Ct);
        Assert.True(storage.Blobs.TryRemove(storage.Blobs.Keys.Single(static name => name.EndsWith(".webp", StringComparison.Ordinal)), out _));

        Assert.NotNull(await store.FindThumbnailAsync(file, Ct));
    }

    [Fact]
    public async Task Pictures_are_made_two_at_a_time()
    {
        using var store = Store(new FakeTimeProvider());
        var (now, most) = (0, 0);
        storage.Reading = async () =>
        {
            var reading = Interlocked.Increment(ref now);
            InterlockedMax(ref most, reading);
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, Ct);
            Interlocked.Decrement(ref now);
        };
        var file = Put("plot.png", new byte[100]);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.FindThumbnailAsync(file, Ct)));

        Assert.Equal(2, most);
    }

    [Fact]
    public async Task What_is_no_picture_has_no_thumbnail_and_costs_nothing()
    {
        using var store = Store(new FakeTimeProvider());

        Assert.Null(await store.FindThumbnailAsync(Put("a.csv", new byte[100_000]), Ct));

        Assert.Empty(storage.Calls);
    }

    [Fact]
    public async Task A_preview_that_its_time_cut_is_not_kept()
    {
        var file = Put("a.csv", Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Repeat("1\n", 50_000))));
        using var slow = Store(new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(10) });
        using var quick = Store(new FakeTimeProvider());

        var cut = await slow.GetAsync(file, Ct);
        await slow.MakeAtUploadAsync(file, Ct);

        Assert.False(cut.IsRepeatable);
        Assert.DoesNotContain(storage.Calls, static call => call.StartsWith("PUT", StringComparison.Ordinal));
        Assert.True((await quick.GetAsync(file, Ct)).IsRepeatable);
        Assert.Contains("\"rowsRead\":50000", (await slow.GetAsync(file, Ct)).Json.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lack_of_memory_keeps_nothing_and_fails_no_upload()
    {
        using var store = Store(new FaultyClock(new InsufficientMemoryException()));
        var file = Put("a.csv", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("1\n", 50_000))));

        await Assert.ThrowsAsync<InsufficientMemoryException>(() => store.GetAsync(file, Ct));
        await store.MakeAtUploadAsync(file, Ct);

        Assert.DoesNotContain(storage.Calls, static call => call.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_is_found_by_its_row_and_the_run_s_alone()
    {
        var run = RunId.New(new ExperimentId(7), 0, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
        var (dataset, blob, _) = StoredInput.Of(run.ToString(), new DatasetInput("train", "1", "local", "{}", new string('s', 100_000), null, []));
        storage.Rows["runs"] = new TableEntity(RunKeys.Partition(run), RunKeys.Run(run))
        {
            ["v"] = RunRow.Schema,
            ["rev"] = 1L,
            ["name"] = "run",
            ["user"] = "someone",
            ["status"] = 0,
            ["start"] = 1_700_000_000_000L,
            ["stage"] = 0,
            ["epoch"] = 0,
            ["nd"] = 1,
            ["d0"] = PackedFields.Encode([dataset, StoredInput.Of(new ModelOutput("m-1", 0))]),
        };
        storage.Rows["files"] = FileRow.From(Stored($"7/{run}/artifacts/plot.png", 10), "w");
        var files = services.GetRequiredService<PreviewedFiles>();

        var found = await files.FindAsync(run.ToString(), "plot.png", null, Ct);
        var calls = storage.Calls.ToList();

        Assert.NotNull(blob);
        Assert.Equal("plot.png", found.Value.Path.Name);
        Assert.Equal(["GET runs", "GET files"], calls);
        Assert.True((await files.FindAsync(run.ToString(), "plot.png", "m-1", Ct)).IsOk);
        Assert.IsType<Failure.NotFound>((await files.FindAsync(run.ToString(), "plot.png", "m-2", Ct)).Failure);
    }

    public void Dispose()
    {
        services.Dispose();
        storage.Dispose();
    }

    private PreviewStore Store(TimeProvider time) => new(services.GetRequiredService<StorageClients>(), services.GetRequiredService<ArtifactStore>(), new PreviewMaker(time));

    private StoredFile Put(string name, byte[] bytes)
    {
        storage.Blobs[Content] = bytes;
        return Stored("7/" + name, bytes.Length);
    }

    private int Reads() => storage.Calls.Count(static call => call == "GET " + Content);

    private static StoredFile Stored(string path, long size) => new()
    {
        Path = ArtifactPath.Parse(path).Value,
        Size = size,
        Md5 = new string('0', 32),
        Sha256 = new string('0', 64),
        ContentType = "image/png",
        StoredAt = DateTimeOffset.UnixEpoch,
        Blob = Content[(Content.IndexOf('/', StringComparison.Ordinal) + 1)..],
    };

    private static void InterlockedMax(ref int most, int value)
    {
        for (var known = Volatile.Read(ref most); value > known && Interlocked.CompareExchange(ref most, value, known) != known; known = Volatile.Read(ref most))
        {
        }
    }
}
