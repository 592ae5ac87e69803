using System.Globalization;
using ServerlessMeta.Access;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Audit;

public sealed class FileAuditTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_path_keeps_its_chain_when_its_file_is_deleted_and_stored_again()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var run = await store.CreateRunAsync();
        using var _ = new Caller("ann", Role.Writer, "local").Act();
        await PutAsync(store, run, "a/b.txt", "one");
        await PutAsync(store, run, "a/b.txt", "two");
        Assert.Null(await store.Artifacts.DeleteAsync(PathOf(run, "a/b.txt"), Ct));
        Assert.Null(await store.Artifacts.FindAsync(PathOf(run, "a/b.txt"), Ct));
        Assert.Empty((await store.Artifacts.ListAsync(PathOf(run, "a"), 10, null, Ct)).Value.Items);
        Assert.Single((await store.EntriesAsync($"file:{PathOf(run, "a/b.txt")}"))[0].Rows, static row => row.After is null);
        await PutAsync(other, run, "a/b.txt", "three");
        Assert.Null(await other.Artifacts.DeleteAsync(PathOf(run, "a"), Ct));

        var entries = await store.EntriesAsync($"file:{PathOf(run, "a/b.txt")}");

        Assert.Equal(["file.delete", "file.store", "file.delete", "file.replace", "file.store"], entries.Select(static entry => entry.Action));
        Assert.All(entries, static entry => Assert.Equal("ann", entry.By));
        Assert.Equal(5, (await store.ListAuditAsync(new AuditQuery { Object = $"run:{run}", Kind = "file" }, 2)).Length);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_folder_is_deleted_with_an_entry_for_each_file()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        for (var i = 0; i < 60; i++)
        {
            await PutAsync(store, run, string.Create(CultureInfo.InvariantCulture, $"f{i % 3}/{i}"), "bytes");
        }
        Assert.Null(await store.Artifacts.DeleteAsync(PathOf(run, ""), Ct));

        var entries = await store.ListAuditAsync(new AuditQuery { Object = $"run:{run}", Kind = "file" }, 100);

        Assert.Equal(60, entries.Count(static entry => entry.Action == "file.delete"));
        Assert.Empty((await store.Artifacts.ListAsync(ArtifactPath.Parse($"{run.Experiment}").Value, 10, null, Ct)).Value.Items);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Two_who_store_and_delete_one_path_at_once_leave_one_sound_chain()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var run = await store.CreateRunAsync();

        await Task.WhenAll(Enumerable.Range(0, 24).Select(async i =>
        {
            await Task.Yield();
            var one = i % 2 == 0 ? store : other;
            if (i % 3 == 0)
            {
                await one.Artifacts.DeleteAsync(PathOf(run, "x"), Ct);
            }
            else
            {
                await PutAsync(one, run, "x", string.Create(CultureInfo.InvariantCulture, $"bytes {i}"));
            }
        }));

        Assert.Equal(16, (await store.EntriesAsync($"file:{PathOf(run, "x")}")).Count(static entry => entry.Action is "file.store" or "file.replace"));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Bytes_put_straight_into_storage_are_stored_by_whoever_asked_for_the_address()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await PutAsync(store, run, "x", "before");
        Assert.Null(await store.Artifacts.DeleteAsync(PathOf(run, "x"), Ct));
        Uri address;
        using (new Caller("uploader", Role.Writer, "token:7").Act())
        {
            address = (await store.DirectUploads.PresignAsync(PathOf(run, "x"), TimeSpan.FromMinutes(5), Ct)).Value.Address;
        }
        using var http = new HttpClient();
        using var put = new HttpRequestMessage(HttpMethod.Put, address) { Content = new StringContent("straight") };
        put.Headers.Add("x-ms-blob-type", "BlockBlob");
        Assert.True((await http.SendAsync(put, Ct)).IsSuccessStatusCode);
        using (new Caller("reader", Role.Reader, "local").Act())
        {
            Assert.NotNull(await store.Artifacts.FindAsync(PathOf(run, "x"), Ct));
        }

        var entries = await store.EntriesAsync($"file:{PathOf(run, "x")}");

        Assert.Equal(3, entries.Length);
        Assert.Equal(("file.store", "uploader", "token:7"), (entries[0].Action, entries[0].By, entries[0].Source));
        await store.AssertSoundAsync();
    }

    [Theory]
    [InlineData("size")]
    [InlineData("sha")]
    [InlineData("gone")]
    [InlineData("end")]
    public async Task A_file_changed_behind_the_back_is_named(string how)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await PutAsync(store, run, "x", "bytes");
        var (partition, inner) = FileKeys.Split(PathOf(run, "x"));
        if (how == "end")
        {
            Assert.Null(await store.Artifacts.DeleteAsync(PathOf(run, "x"), Ct));
            await store.Storage.Files.RemoveAsync(await store.Storage.Files.RowAsync(partition, FileKeys.Ended(FileKeys.ObjectKey(inner))));
        }
        else
        {
            var row = await store.Storage.Files.RowAsync(partition, FileKeys.File(inner));
            row["size"] = how == "size" ? 17L : row["size"];
            row["sha"] = how == "sha" ? new string('0', 64) : row["sha"];
            await (how == "gone" ? store.Storage.Files.RemoveAsync(row) : store.Storage.Files.PutAsync(row));
        }

        var (_, _, _, findings) = await store.VerifyAllAsync();

        Assert.NotEmpty(findings);
        Assert.All(findings, found => Assert.Equal($"file:{PathOf(run, "x")}", found.Object));
        Assert.Contains(how switch { "gone" => "object-removed", "end" => "head-changed", _ => "row-changed" }, findings.Select(static found => found.Fault));
    }

    private static ArtifactPath PathOf(RunId run, string name) => ArtifactPath.Parse($"{run.Experiment}/{run}/artifacts{(name.Length > 0 ? "/" : "")}{name}").Value;

    private static async Task PutAsync(Instance store, RunId run, string name, string bytes)
    {
        var put = await store.Artifacts.PutAsync(PathOf(run, name), BinaryData.FromString(bytes).ToStream(), new DeclaredContent(Size: bytes.Length), Ct);
        Assert.True(put.IsOk, put.Failure?.Detail);
    }
}
