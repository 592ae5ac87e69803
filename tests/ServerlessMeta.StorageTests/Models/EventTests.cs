using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Models;

/// <summary>What changes is told in the outbox, in the words and the fields of the protocol's webhooks.</summary>
public sealed class EventTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_of_models_are_told()
    {
        var told = 0;
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: services => services.AddSingleton<ModelEventsCommitted>(() => told++));
        store.Dispatcher.Dispose();
        Value(await store.Registry.CreateAsync(new NewModel("m") { Description = "d", Tags = [new Tag("k", "v\"é")] }, Ct));
        Value(await store.ModelVersions.CreateAsync("m", new NewModelVersion("s3://b") { Tags = [new Tag("t", "1")] }, Ct));
        Value(await store.Registry.SetTagAsync("m", new Tag("k", "w"), Ct));
        Value(await store.ModelVersions.SetTagAsync("m", 1, new Tag("t", "2"), Ct));
        Value(await store.ModelVersions.SetTagAsync("m", 1, new Tag("t", "2"), Ct));
        Value(await store.ModelVersions.DeleteTagAsync("m", 1, "t", Ct));
        Value(await store.Aliases.SetAsync("m", "a", 1, MoveTerms.None, Ct));
        Value(await store.Aliases.DeleteAsync("m", "a", MoveTerms.None, Ct));

        Assert.Equal(
            [
                "registered_model.created name=m description=d tags.k=v\"é",
                "model_version.created name=m version=1 source=s3://b run_id= description= tags.t=1",
                "model_version_tag.set name=m version=1 key=t value=2",
                "model_version_tag.deleted name=m version=1 key=t",
                "model_version_alias.created name=m alias=a version=1",
                "model_version_alias.deleted name=m alias=a",
            ],
            await ToldAsync(store));
        Assert.Equal(6, told);
    }

    [Fact]
    public async Task Prompts_have_words_of_their_own()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        store.Dispatcher.Dispose();
        var text = new string('日', 100_000);
        Value(await store.Registry.CreateAsync(new NewModel("p") { Tags = [new Tag("prompt", "true"), new Tag("k", "v")] }, Ct));
        Value(await store.ModelVersions.CreateAsync("p", new NewModelVersion("dummy") { Tags = [new Tag("prompt", "true"), new Tag("text", text), new Tag("k", "v")] }, Ct));
        Value(await store.Registry.SetTagAsync("p", new Tag("k", "w"), Ct));
        Value(await store.Registry.DeleteTagAsync("p", "k", Ct));
        Value(await store.ModelVersions.SetTagAsync("p", 1, new Tag("k", "w"), Ct));
        Value(await store.ModelVersions.DeleteTagAsync("p", 1, "k", Ct));
        Value(await store.Aliases.SetAsync("p", "a", 1, MoveTerms.None, Ct));
        Value(await store.Aliases.DeleteAsync("p", "a", MoveTerms.None, Ct));

        Assert.Equal(
            [
                "prompt.created name=p description= tags.k=v",
                $"prompt_version.created name=p version=1 template={text} description= tags.k=v",
                "prompt_tag.set name=p key=k value=w",
                "prompt_tag.deleted name=p key=k",
                "prompt_version_tag.set name=p version=1 key=k value=w",
                "prompt_version_tag.deleted name=p version=1 key=k",
                "prompt_alias.created name=p alias=a version=1",
                "prompt_alias.deleted name=p alias=a",
            ],
            await ToldAsync(store));
    }

    [Fact]
    public async Task An_event_that_would_be_too_large_leaves_large_values_out()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        store.Dispatcher.Dispose();
        await store.RegisterAsync("m");
        await store.AddVersionAsync("m", "s3://b", [new Tag("small", "s"), .. Enumerable.Range(0, 9).Select(static i => new Tag($"l{i}", new string('x', 100_000)))]);

        var last = (await ToldAsync(store))[^1];

        Assert.Contains("tags.small=s tags.l0= tags.l1=", last, StringComparison.Ordinal);
    }

    private static async Task<List<string>> ToldAsync(Instance store)
    {
        var told = new List<string>();
        await foreach (var (_, happened) in store.ModelOutbox.ListAsync(1000, Ct))
        {
            told.Add($"{happened.Entity}.{happened.Action} {string.Join(' ', happened.Data.Select(static pair => $"{pair.Key}={pair.Value}"))}");
        }
        return told;
    }
}
