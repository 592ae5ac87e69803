using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.Artifacts;

/// <summary>Bytes that go straight to storage: taken in whole or not at all, whoever asks and whatever fails.</summary>
public sealed class DirectUploadTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task What_was_put_there_is_read_whichever_request_of_its_taking_in_fails(bool afterEffect, bool areKnown)
    {
        for (var n = 1; n <= 8; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries: 2);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            await using var faulty = await store.AnotherAsync(faults);
            var bytes = Files.Noise(1000, n);
            if (areKnown)
            {
                await store.PutAsync("known", bytes);
            }
            await PutThereAsync(store, "a", bytes);

            faults.Arm(n);
            await TryAsync(() => faulty.Artifacts.FindAsync(Files.Path("a"), Ct));
            faults.Arm(int.MaxValue);

            Assert.Equal(bytes, await store.ReadAsync("a"));
            Assert.Equal(bytes, await faulty.ReadAsync("a"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parts_are_complete_or_not_whichever_request_fails_and_completing_again_ends_the_same(bool afterEffect)
    {
        for (var n = 1; n <= 10; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries: 2);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            await using var faulty = await store.AnotherAsync(faults);
            var upload = await store.DirectUploads.BeginAsync(2, Ct);
            var parts = new[] { Files.Noise(500, n), Files.Noise(500, n + 100) };
            for (var part = 0; part < 2; part++)
            {
                await PutPartAsync(store, upload, part, parts[part]);
            }

            faults.Arm(n);
            await TryAsync(() => faulty.DirectUploads.CompleteAsync(Files.Path("a"), upload.Id, [1, 2], Ct));
            faults.Arm(int.MaxValue);

            Assert.Null(await faulty.DirectUploads.CompleteAsync(Files.Path("a"), upload.Id, [1, 2], Ct));
            Assert.Equal(parts[0].Concat(parts[1]), await store.ReadAsync("a"));
            Assert.Null(await store.DirectUploads.AbortAsync(upload.Id, Ct));
            Assert.Equal(parts[0].Concat(parts[1]), await store.ReadAsync("a"));
        }
    }

    [Fact]
    public async Task Many_readers_take_the_same_bytes_in_once()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var instances = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.AnotherAsync()));
        await PutThereAsync(store, "a", Files.Bytes("bytes"));

        var read = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => instances[i % 4].ReadAsync("a")));

        Assert.All(read, static bytes => Assert.Equal(Files.Bytes("bytes"), bytes));
        Assert.Equal(1, await store.CountBlobsAsync());
        await Task.WhenAll(instances.Select(static instance => instance.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Another_address_for_a_path_loses_nothing_that_was_put_there()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await PutThereAsync(store, "a", Files.Bytes("first"));

        Assert.True((await store.DirectUploads.PresignAsync(Files.Path("a"), TimeSpan.FromMinutes(5), Ct)).IsOk);

        Assert.Equal(Files.Bytes("first"), await store.ReadAsync("a"));
    }

    [Fact]
    public async Task The_timer_takes_in_what_nobody_read_forgets_what_never_came_and_passes_what_cannot_be_read()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        var odd = await store.DirectUploads.PresignAsync(Files.Path("0 odd"), TimeSpan.FromMinutes(5), Ct);
        var never = await store.DirectUploads.PresignAsync(Files.Path("never"), TimeSpan.FromMinutes(5), Ct);
        Assert.True(odd.IsOk && never.IsOk);
        await new PageBlobClient(odd.Value.Address).CreateAsync(512, cancellationToken: Ct);
        await PutThereAsync(store, "a", Files.Bytes("bytes"));

        await store.StagedUpkeep.RunAsync(Ct);
        Assert.Equal(["a"], await store.ListAsync(""));
        Assert.Null(await store.ReadAsync("0 odd"));
        clock.Advance(TimeSpan.FromHours(25));
        await store.StagedUpkeep.RunAsync(Ct);
        clock.Advance(TimeSpan.FromHours(25));
        await store.Sweep.RunAsync(Ct);

        Assert.Equal(Files.Bytes("bytes"), await store.ReadAsync("a"));
        Assert.Equal(1, await store.CountBlobsAsync());
        Assert.Empty(await store.Storage.Files.QueryAsync<Azure.Data.Tables.TableEntity>("sblob ne ''", cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_lease_on_parts_holds_up_no_sweep()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        var blob = store.Storage.Contents.GetBlobClient(ContentKeys.Parts + ContentKeys.NewId());
        await blob.UploadAsync(BinaryData.FromString("left"), Ct);
        await blob.GetBlobLeaseClient().AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, cancellationToken: Ct);
        await store.Storage.Contents.UploadBlobAsync(ContentKeys.NewBlob(), BinaryData.FromString("left too"), Ct);
        clock.Advance(TimeSpan.FromHours(25));

        await store.Sweep.RunAsync(Ct);

        Assert.Equal(0, await store.CountBlobsAsync());
    }

    private static async Task PutThereAsync(Instance store, string path, byte[] bytes)
    {
        var signed = await store.DirectUploads.PresignAsync(Files.Path(path), TimeSpan.FromMinutes(5), Ct);
        Assert.True(signed.IsOk, signed.Failure?.Detail);
        await new BlockBlobClient(signed.Value.Address).UploadAsync(new MemoryStream(bytes), new BlobUploadOptions(), Ct);
    }

    private static async Task PutPartAsync(Instance store, MultipartUpload upload, int part, byte[] bytes)
    {
        using var http = new HttpClient();
        using var answer = await http.PutAsync(upload.Parts[part], new ByteArrayContent(bytes), Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{store.Prefix}: {answer.StatusCode}");
    }

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception outage) when (Outage.IsAmbiguous(outage) || outage is RequestFailedException)
        {
            // It is asked again.
        }
    }
}
