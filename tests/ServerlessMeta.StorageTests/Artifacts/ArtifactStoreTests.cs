using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.Artifacts;

public sealed class ArtifactStoreTests(AzuriteFixture azurite)
{
    private const int Block = 4 * 1024 * 1024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(262_143)]
    [InlineData(262_144)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData((5 * Block) + 17)]
    public async Task A_file_of_any_size_comes_back_with_its_digests(int length)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var bytes = Files.Noise(length);

        var file = await store.PutAsync("a.bin", bytes);

        Assert.Equal((length, Files.Sha256(bytes)), (file.Size, file.Sha256));
        Assert.Equal(bytes, await store.ReadAsync("a.bin"));
        Assert.Equal(file, await store.Artifacts.FindAsync(file.Path, Ct));
    }

    [Fact]
    public async Task A_body_of_unknown_length_comes_back_too()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);

        Assert.True((await store.Artifacts.PutAsync(Files.Path("a"), new MemoryStream(Files.Noise(Block + 5)), new DeclaredContent(), Ct)).IsOk);

        Assert.Equal(Files.Noise(Block + 5), await store.ReadAsync("a"));
    }

    [Fact]
    public async Task Same_bytes_are_kept_once_by_any_instance_under_any_path()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();

        await store.PutAsync("a", Files.Noise(1000));
        await store.PutAsync("b/c", Files.Noise(1000));
        await other.PutAsync("d", Files.Noise(1000));
        await other.PutAsync("large", Files.Noise(Block * 2));
        await store.PutAsync("large again", Files.Noise(Block * 2));

        Assert.Equal(2, await store.CountBlobsAsync());
        Assert.Equal(Files.Noise(1000), await store.ReadAsync("d"));
        Assert.Equal(Files.Noise(Block * 2), await other.ReadAsync("large again"));
    }

    [Fact]
    public async Task Bytes_that_are_not_as_declared_are_refused_and_nothing_is_kept()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);

        foreach (var (length, declared) in new[]
        {
            (10, new DeclaredContent(Md5: new string('0', 32))), (10, new DeclaredContent(Sha256: new string('0', 64))), (10, new DeclaredContent(Size: 11)),
            (Block * 2, new DeclaredContent(Md5: new string('0', 32))), (Block * 2, new DeclaredContent(Size: (Block * 2) + 1)),
        })
        {
            var refused = await store.Artifacts.PutAsync(Files.Path("a"), new MemoryStream(Files.Noise(length)), declared, Ct);
            Assert.IsType<Failure.Invalid>(refused.Failure);
        }

        Assert.Equal(0, await store.CountBlobsAsync());
        Assert.Null(await store.ReadAsync("a"));
        Assert.Empty(await store.ListAsync(""));
    }

    [Fact]
    public async Task A_cut_body_leaves_nothing()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);

        foreach (var length in new[] { 10, Block + 10, Block * 6 })
        {
            await Assert.ThrowsAsync<IOException>(() => store.Artifacts.PutAsync(Files.Path("a"), new CutStream(length), new DeclaredContent(Size: length * 2L), Ct));
        }

        Assert.Equal(0, await store.CountBlobsAsync());
        Assert.Empty(await store.ListAsync(""));
    }

    [Fact]
    public async Task A_file_takes_the_place_of_the_one_before()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();

        await store.PutAsync("a", Files.Bytes("one"));
        await other.PutAsync("a", Files.Bytes("two"));

        Assert.Equal(Files.Bytes("two"), await store.ReadAsync("a"));
        Assert.Equal(["a"], await store.ListAsync(""));
    }

    [Fact]
    public async Task Writers_of_one_path_at_once_leave_one_of_their_files_whole()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var instances = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.AnotherAsync()));

        var files = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => instances[i % 4].PutAsync("a/b", Files.Noise(5000, i))));

        var left = await store.ReadAsync("a/b");
        Assert.Contains(Files.Sha256(left!), files.Select(static file => file.Sha256));
        await Task.WhenAll(instances.Select(static instance => instance.DisposeAsync().AsTask()));
    }

    [Theory]
    [InlineData("a", "a/b")]
    [InlineData("a", "a/b/c")]
    [InlineData("x/a", "x/a/b")]
    public async Task A_path_is_a_file_or_a_folder_never_both(string file, string below)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();

        await store.PutAsync(file, Files.Bytes("file"));
        Assert.Contains("is a file", (await other.Artifacts.PutAsync(Files.Path(below), new MemoryStream([1]), new DeclaredContent(), Ct)).Failure!.Detail, StringComparison.Ordinal);
        await store.Artifacts.DeleteAsync(Files.Path(file), Ct);
        await other.PutAsync(below, Files.Bytes("below"));
        Assert.Contains("is a folder", (await store.Artifacts.PutAsync(Files.Path(file), new MemoryStream([1]), new DeclaredContent(), Ct)).Failure!.Detail, StringComparison.Ordinal);

        await other.Artifacts.DeleteAsync(Files.Path(below), Ct);
        await store.PutAsync(file, Files.Bytes("again"));
        Assert.Equal(Files.Bytes("again"), await other.ReadAsync(file));
    }

    [Fact]
    public async Task Deleting_takes_a_folder_whole_and_is_repeatable()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        foreach (var path in new[] { "a/1", "a/b/2", "a-b", "ab", "c" })
        {
            await store.PutAsync(path, Files.Bytes(path));
        }

        Assert.Null(await store.Artifacts.DeleteAsync(Files.Path("a"), Ct));
        Assert.Null(await store.Artifacts.DeleteAsync(Files.Path("a"), Ct));
        Assert.Null(await store.Artifacts.DeleteAsync(Files.Path("never"), Ct));

        Assert.Equal(["a-b", "ab", "c"], await store.ListAsync(""));
        Assert.Null(await store.ReadAsync("a/b/2"));
    }

    [Fact]
    public async Task A_deleted_file_leaves_content_that_another_path_has()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        await store.PutAsync("a", Files.Bytes("shared"));
        await store.PutAsync("b", Files.Bytes("shared"));

        await store.Artifacts.DeleteAsync(Files.Path("a"), Ct);
        for (var day = 0; day < 3; day++)
        {
            clock.Advance(TimeSpan.FromHours(25));
            await store.Sweep.RunAsync(Ct);
        }

        Assert.Equal(Files.Bytes("shared"), await store.ReadAsync("b"));
    }

    [Fact]
    public async Task The_store_and_a_dictionary_agree() => await Gen.Select(
        Gen.Int[0, 3], Gen.OneOf(Gen.Const("a"), Gen.Const("a/b"), Gen.Const("a/b/c"), Gen.Const("a-b"), Gen.Const("a|b"), Gen.Const("x/y"), Gen.Const("x/y z"), Gen.Const("x#?"), Gen.Const("é/ü")), Gen.Int[0, 5]).List[1, 30].SampleAsync(async steps =>
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var model = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (action, path, content) in steps)
        {
            if (action == 0)
            {
                await store.Artifacts.DeleteAsync(Files.Path(path), CancellationToken.None);
                foreach (var gone in model.Keys.Where(key => key == path || key.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
                {
                    model.Remove(gone);
                }
                continue;
            }
            var put = await store.Artifacts.PutAsync(Files.Path(path), new MemoryStream([(byte)content]), new DeclaredContent(), CancellationToken.None);
            var clash = model.Keys.Any(key => key.StartsWith(path + "/", StringComparison.Ordinal) || path.StartsWith(key + "/", StringComparison.Ordinal));
            Assert.Equal(clash, !put.IsOk);
            if (put.IsOk)
            {
                model[path] = content;
            }
        }
        foreach (var folder in new[] { "", "a", "a/b", "x", "é" })
        {
            var below = model.Keys.Where(key => folder.Length == 0 || key.StartsWith(folder + "/", StringComparison.Ordinal)).Select(key => folder.Length == 0 ? key : key[(folder.Length + 1)..]);
            var expected = below.Select(static rest => rest.Contains('/', StringComparison.Ordinal) ? rest[..(rest.IndexOf('/', StringComparison.Ordinal) + 1)] : rest).Distinct(StringComparer.Ordinal);
            Assert.Equal(expected.Order(StringComparer.Ordinal), (await store.ListAsync(folder)).Order(StringComparer.Ordinal));
        }
        foreach (var (path, content) in model)
        {
            Assert.Equal([(byte)content], (await store.ReadAsync(path))!);
        }
    }, iter: 30, threads: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_is_whole_or_absent_whichever_request_fails(bool afterEffect)
    {
        foreach (var length in new[] { 100, Block * 2 })
        {
            for (var n = 1; n <= 6; n++)
            {
                var faults = new FaultPolicy(afterEffect, retries: 2);
                await using var store = await Instance.StartAsync(azurite.ConnectionString);
                await using var faulty = await store.AnotherAsync(faults);
                var bytes = Files.Noise(length, n);

                faults.Arm(n);
                var answered = await TryAsync(() => faulty.Artifacts.PutAsync(Files.Path("d/a"), new MemoryStream(bytes), new DeclaredContent(), Ct));
                var seen = await store.ReadAsync("d/a");
                Assert.True(seen is null ? !answered : seen.SequenceEqual(bytes));

                faults.Arm(int.MaxValue);
                await faulty.PutAsync("d/a", bytes);
                Assert.Equal(bytes, await store.ReadAsync("d/a"));
                Assert.Equal(["a"], await store.ListAsync("d"));
            }
        }
    }

    [Fact]
    public async Task A_range_read_gives_any_part()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var bytes = Files.Noise((3 * Block) + 100);
        var file = await store.PutAsync("a", bytes);
        await using var content = store.Artifacts.Open(file);
        var random = new Random(3);

        for (var i = 0; i < 20; i++)
        {
            var at = random.Next(bytes.Length);
            var length = random.Next(1, bytes.Length - at + 1);
            content.Position = at;
            var read = new byte[length];
            await content.ReadExactlyAsync(read, Ct);
            Assert.True(bytes.AsSpan(at, length).SequenceEqual(read));
        }
    }

    private static async Task<bool> TryAsync<T>(Func<Task<Result<T>>> call)
    {
        try
        {
            return (await call()).IsOk;
        }
        catch (Exception outage) when (Outage.IsAmbiguous(outage))
        {
            return false;
        }
    }

    private sealed class CutStream(int length) : MemoryStream(Files.Noise(length))
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The connection was cut.");
    }
}
