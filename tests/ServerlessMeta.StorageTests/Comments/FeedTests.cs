using ServerlessMeta.Comments;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.Comments;

/// <summary>Feeds merge comments and changes, each once, in pages of any size.</summary>
public sealed class FeedTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_of_any_size_are_the_whole_once_in_order()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var subject = new FoundSubject(new CommentSubject.OfRun(run), null);
        foreach (var step in "ccctcttcct")
        {
            _ = step == 'c'
                ? (await store.Comments.AddAsync(subject, "a comment", null, null, Ct)).IsOk
                : (await store.Runs.SetTagAsync(run, "k", static before => $"{before}x", Ct)).IsOk;
        }

        var whole = await ReadAsync(store, subject, 100);

        Assert.Equal(11, whole.Count);
        Assert.Equal(["6", "5", "4", "3", "2", "1"], whole.Where(static item => item.StartsWith('c')).Select(static item => item[1..]));
        Assert.Equal(["5", "4", "3", "2", "1"], whole.Where(static item => item.StartsWith('j')).Select(static item => item[1..]));
        for (var size = 1; size <= 12; size++)
        {
            Assert.Equal(whole, await ReadAsync(store, subject, size));
        }
    }

    [Fact]
    public async Task A_models_feed_is_its_own_also_when_another_is_named_by_its_number()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var first = (await store.Registry.CreateAsync(new NewModel("first"), Ct)).Value;
        var other = (await store.Registry.CreateAsync(new NewModel($"{first.Number}"), Ct)).Value;

        var feed = (await store.Feed.ListAsync(new FoundSubject(new CommentSubject.OfModel(first.Number), "first"), 10, null, Ct)).Value;

        Assert.Equal($"model:{first.Number}", feed.Items.Single().Change!.Object);
        Assert.NotEqual(first.Number, other.Number);
    }

    [Fact]
    public async Task A_place_that_no_feed_gave_is_refused()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var subject = new FoundSubject(new CommentSubject.OfRun(await store.CreateRunAsync()), null);

        foreach (var place in new[] { "", "1", "0 1", "1 0", "a b", "1 1 1", "99999999999 1", "-1 1" })
        {
            Assert.IsType<Failure.Invalid>((await store.Feed.ListAsync(subject, 10, PageToken.Write($"feed of {subject.Subject.Name}", place), Ct)).Failure);
        }
    }

    private static async Task<List<string>> ReadAsync(Instance store, FoundSubject subject, int size)
    {
        var (items, token) = (new List<string>(), (string?)null);
        do
        {
            var page = (await store.Feed.ListAsync(subject, size, token, Ct)).Value;
            Assert.InRange(page.Items.Length, 0, size);
            items.AddRange(page.Items.Select(static item => item.Comment is { } comment ? $"c{comment.Number}" : $"j{item.Change!.N}"));
            token = page.Next;
        }
        while (token is not null);
        return items;
    }
}
