using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Models;

public sealed class HistoryTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
    private readonly FakeTimeProvider time = new(Start);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_moment_shows_what_held_then()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        await At(1, () => store.RegisterAsync("first"));
        await At(2, () => store.AddVersionAsync("first", "s3://1", new Tag("k", "then"), new Tag("text", new string('a', 5000)), new Tag("kept", new string('b', 5000))));
        await At(3, () => store.Aliases.SetAsync("first", "champion", 1, MoveTerms.None, Ct));
        await At(4, () => store.AddVersionAsync("first", "s3://2"));
        await At(5, () => store.Aliases.SetAsync("first", "champion", 2, MoveTerms.None, Ct));
        await At(6, () => store.ModelVersions.SetTagAsync("first", 1, new Tag("k", "now"), Ct));
        await At(7, () => store.ModelVersions.SetTagAsync("first", 1, new Tag("text", new string('c', 5000)), Ct));
        await At(8, () => store.ModelVersions.DeleteAsync("first", 2, Ct));
        await At(9, () => store.Registry.RenameAsync("first", "renamed", Ct));

        Assert.IsType<Failure.NotFound>((await store.ModelHistory.FindAsync("renamed", Moment(0), Ct)).Failure);
        Assert.Equal("", await HolderAsync(store, "renamed", Moment(2)));
        Assert.Equal("first 1", await HolderAsync(store, "renamed", Moment(3)));
        Assert.Equal("first 1", await HolderAsync(store, "renamed", Moment(5).AddMilliseconds(-1)));
        Assert.Equal("first 2", await HolderAsync(store, "renamed", Moment(5)));
        Assert.Equal("", await HolderAsync(store, "renamed", Moment(8)));
        Assert.Equal("renamed", Value(await store.ModelHistory.FindAsync("renamed", Moment(100), Ct)).Name);
        Assert.IsType<Failure.NotFound>((await store.ModelHistory.FindAsync("first", Moment(5), Ct)).Failure);
        var model = Value(await store.ModelHistory.FindAsync("renamed", Moment(5), Ct));
        var then = Value(await store.ModelHistory.FindVersionAsync(model, 1, Moment(5), Ct)).Version;
        Assert.Equal("then", then.Tags.Single(static tag => tag.Key == "k").Value);
        Assert.Equal(["k", "kept"], (await store.ModelTags.AllOfPastAsync(then, Ct)).Select(static tag => tag.Key));
        Assert.Equal([2, 1], Value(await store.ModelHistory.ListVersionsAsync(model, Moment(5), 10, null, Ct)).Items.Select(static version => version.Version.Number));
        Assert.Equal([1], Value(await store.ModelHistory.ListVersionsAsync(await store.ModelAsync("renamed"), null, 10, null, Ct)).Items.Select(static version => version.Version.Number));
    }

    [Fact]
    public async Task A_deleted_model_is_found_by_its_number_as_it_was_before()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        await At(1, () => store.RegisterAsync("model", 1));
        await At(2, () => store.Aliases.SetAsync("model", "champion", 1, MoveTerms.None, Ct));
        await At(3, () => store.Registry.DeleteAsync("model", Ct));
        await At(4, () => store.RegisterAsync("model"));

        Assert.Equal("model 1", await HolderAsync(store, "number:1", Moment(2)));
        Assert.Contains("deleted", (await store.ModelHistory.FindAsync("number:1", Moment(3), Ct)).Failure!.Detail, StringComparison.Ordinal);
        Assert.Contains("deleted", (await store.ModelHistory.FindAsync("number:1", null, Ct)).Failure!.Detail, StringComparison.Ordinal);
        Assert.Contains("did not exist yet", (await store.ModelHistory.FindAsync("model", Moment(2), Ct)).Failure!.Detail, StringComparison.Ordinal);
        Assert.Equal(2, Value(await store.ModelHistory.FindAsync("model", null, Ct)).Number);
        Assert.Equal([1], await NumbersAsync(store, Moment(2)));
        Assert.Equal([], await NumbersAsync(store, Moment(3)));
        Assert.Equal([2], await NumbersAsync(store, Moment(4)));
    }

    [Fact]
    public async Task A_clock_that_goes_back_does_not_turn_the_order_around()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        await At(5, () => store.RegisterAsync("model", 2));
        await At(6, () => store.Aliases.SetAsync("model", "a", 1, MoveTerms.None, Ct));
        await using var slow = await Instance.StartAsync(store.Connection, store.Prefix, new FakeTimeProvider(Start.AddDays(-1)));
        Value(await slow.Aliases.SetAsync("model", "a", 2, MoveTerms.None, Ct));

        Assert.Equal(Moment(6), (await store.ModelAsync()).UpdatedAt);
        Assert.Equal(2, Value(await store.ModelHistory.FindAsync("model", Moment(6), Ct)).Aliases["a"]);
        Assert.Empty(Value(await store.ModelHistory.FindAsync("model", Moment(5), Ct)).Aliases);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(20)]
    public async Task Pages_of_any_size_give_the_versions_once_the_newest_first(int size)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync("model", 12);
        foreach (var gone in (int[])[12, 7, 6, 5, 1])
        {
            Value(await store.ModelVersions.DeleteAsync("model", gone, Ct));
        }
        var model = await store.ModelAsync();

        var (all, token) = (new List<int>(), (string?)null);
        do
        {
            var page = Value(await store.ModelHistory.ListVersionsAsync(model, null, size, token, Ct));
            Assert.InRange(page.Items.Length, 0, size);
            all.AddRange(page.Items.Select(static version => version.Version.Number));
            token = page.Next;
        }
        while (token is not null);

        Assert.Equal([11, 10, 9, 8, 4, 3, 2], all);
    }

    private static DateTimeOffset Moment(int minute) => Start.AddMinutes(minute);

    private static async Task<string> HolderAsync(Instance store, string reference, DateTimeOffset at) =>
        Value(await store.ModelHistory.FindAsync(reference, at, Ct)) is var model && model.Aliases.TryGetValue("champion", out var number) ? $"{model.Name} {number}" : "";

    private static async Task<IEnumerable<long>> NumbersAsync(Instance store, DateTimeOffset at) =>
        Value(await store.ModelHistory.ListAsync(at, RecordQuery.Parse("", [], RegistryNativeSchema.Models).Value, 10, null, Ct)).Items.Select(static model => model.Number);

    private async Task At<T>(int minute, Func<Task<T>> act)
    {
        time.SetUtcNow(Moment(minute));
        await act();
    }
}
