using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.Artifacts;

public sealed class ListingTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Pages_of_any_size_give_the_whole_once(int size)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        foreach (var path in new[] { "a", "b/1", "b/2", "b-c", "b.txt", "c/d/e/1", "c/d/e/2", "c/f", "z|z", "ä" })
        {
            await store.PutAsync(path, Files.Bytes(path));
        }
        var whole = await store.ListAsync("");

        var pages = new List<string>();
        string? token = null;
        do
        {
            var page = (await store.Artifacts.ListAsync(Files.Path(""), size, token, Ct)).Value;
            Assert.InRange(page.Items.Length, 1, size);
            pages.AddRange(page.Items.Select(static entry => entry.IsFolder ? entry.Name + "/" : entry.Name));
            token = page.Next;
        }
        while (token is not null);

        Assert.Equal(["a", "b-c", "b.txt", "b/", "c/", "z|z", "ä"], whole.Order(StringComparer.Ordinal));
        Assert.Equal(whole, pages);
    }

    [Fact]
    public async Task A_token_of_another_folder_is_refused()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.PutAsync("a/1", [1]);
        await store.PutAsync("a/2", [1]);
        var token = (await store.Artifacts.ListAsync(Files.Path("a"), 1, null, Ct)).Value.Next;

        Assert.IsType<Failure.Invalid>((await store.Artifacts.ListAsync(Files.Path(""), 1, token, Ct)).Failure);
        Assert.IsType<Failure.Invalid>((await store.Artifacts.ListAsync(Files.Path("a"), 1, "x", Ct)).Failure);
    }

    [Fact]
    public async Task A_listing_is_an_operation_for_each_thousand_files_and_one_for_each_long_folder_that_it_passes()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await FillAsync(store, "many", 2500);
        await FillAsync(store, "b", 3000);
        await FillAsync(store, "c", 3000);

        Assert.Equal(3, await Instance.CountAsync(async () => Assert.Equal(2500, (await store.ListAsync("many")).Count)));
        Assert.Equal(1, await Instance.CountAsync(async () => Assert.Equal(100, (await store.Artifacts.ListAsync(Files.Path("many"), 100, null, Ct)).Value.Items.Length)));
        Assert.InRange(await Instance.CountAsync(async () => Assert.Equal(["b/", "c/", "many/"], await store.ListAsync(""))), 3, 4);
    }

    [Fact]
    public async Task What_lies_above_runs_is_listed_too()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        foreach (var path in new[] { Files.Root + "/a", "0/models/m-000000000001a20e1e63c8df079af2da/artifacts/MLmodel", "0-x/1", "data/2026/a.csv", "readme.md" })
        {
            Assert.True((await store.Artifacts.PutAsync(ArtifactPath.Parse(path).Value, new MemoryStream([1]), new DeclaredContent(), Ct)).IsOk);
        }

        Assert.Equal(["0/", "0-x/", "data/", "readme.md"], await NamesAsync(store, ""));
        Assert.Equal(["000000000001a20e1e63c8df079af2da/", "models/"], await NamesAsync(store, "0"));
        Assert.Equal(["artifacts/"], await NamesAsync(store, "0/models/m-000000000001a20e1e63c8df079af2da"));
        Assert.Equal(["2026/"], await NamesAsync(store, "data"));
        Assert.Equal(["a.csv"], await NamesAsync(store, "data/2026"));
        Assert.Empty(await NamesAsync(store, "none"));

        Assert.Null(await store.Artifacts.DeleteAsync(ArtifactPath.Parse("0").Value, Ct));
        Assert.Equal(["0-x/", "data/", "readme.md"], await NamesAsync(store, ""));
    }

    private static async Task<List<string>> NamesAsync(Instance store, string folder) =>
        [.. (await store.Artifacts.ListAsync(ArtifactPath.Parse(folder).Value, 100, null, Ct)).Value.Items.Select(static entry => entry.IsFolder ? entry.Name + "/" : entry.Name)];

    // Rows of files that all have the same content.
    private static async Task FillAsync(Instance store, string folder, int count)
    {
        var first = await store.PutAsync($"{folder}/first", Files.Bytes("same"));
        foreach (var some in Enumerable.Range(1, count - 1).Chunk(100))
        {
            await store.Storage.Files.SubmitTransactionAsync(some.Select(i => new TableTransactionAction(
                TableTransactionActionType.Add, FileRow.From(first with { Path = Files.Path(string.Create(CultureInfo.InvariantCulture, $"{folder}/{i:d6}")) }, "w"))), Ct);
        }
    }
}
