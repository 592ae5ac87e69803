using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Models;

public sealed class SearchTests(AzuriteFixture azurite)
{
    private static readonly FieldSchema Schema = new()
    {
        Prefixes = [new FieldPrefix(FieldKind.Tag, ["tags"])],
        TagDefaults = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("prompt", "false"),
        Attributes =
        [
            new FieldDefinition(RegistryFields.Name, FieldType.Text, ["name"]), new FieldDefinition(RegistryFields.Number, FieldType.Number, ["number"]),
            new FieldDefinition(RegistryFields.Stage, FieldType.Text, ["stage"]), new FieldDefinition(RegistryFields.UpdatedAt, FieldType.Number, ["updated"]),
        ],
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200)]
    [InlineData(1)]
    public async Task A_search_sees_what_was_written_before_it_on_any_instance(int megabytes)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: ("Models:IndexMegabytes", "200"));
        await using var other = await store.AnotherAsync(settings: ("Models:IndexMegabytes", $"{megabytes}"));
        await store.RegisterAsync("b", 2);
        await store.RegisterAsync("a", 1);
        if (megabytes == 1)
        {
            // Too much for the other's index, so it scans.
            for (var i = 0; i < 6; i++)
            {
                await store.AddVersionAsync("b", "s3://" + i, [.. Enumerable.Range(0, 30).Select(static t => new Tag($"t{t}", new string('x', 4000)))]);
            }
        }
        var more = megabytes == 1 ? "b 8,b 7,b 6,b 5,b 4,b 3," : "";

        Assert.Equal($"a 1,{more}b 2,b 1", await VersionsAsync(other, ""));
        Assert.Equal("a,b", await ModelsAsync(other, ""));
        Value(await store.Aliases.TransitionAsync("b", 2, ModelStage.Production, false, MoveTerms.None, Ct));
        Value(await store.ModelVersions.SetTagAsync("a", 1, new Tag("k", "v"), Ct));
        Assert.Equal("b 2", await VersionsAsync(other, "stage = 'Production'"));
        Assert.Equal("a 1", await VersionsAsync(other, "tags.k LIKE 'v%' OR number > 100"));
        Value(await store.Registry.RenameAsync("a", "z", Ct));
        Value(await store.ModelVersions.DeleteAsync("b", 1, Ct));
        Assert.Equal($"{more}b 2,z 1", await VersionsAsync(other, ""));
        Assert.Equal($"z 1,{more}b 2", await VersionsAsync(other, "", "name DESC"));
        Value(await store.Registry.DeleteAsync("b", Ct));
        Assert.Equal("z 1", await VersionsAsync(other, ""));
        Assert.Equal("z", await ModelsAsync(other, ""));
    }

    [Fact]
    public async Task Prompts_are_found_by_their_tag_alone()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        Value(await store.Registry.CreateAsync(new NewModel("prompt") { Tags = [new Tag("prompt", "true")] }, Ct));
        await store.AddVersionAsync("prompt", "dummy", new Tag("prompt", "true"), new Tag("text", "hello"));
        await store.RegisterAsync("model", 1);

        Assert.Equal("model", await ModelsAsync(store, ""));
        Assert.Equal("model", await ModelsAsync(store, "tags.prompt != 'true'"));
        Assert.Equal("model", await ModelsAsync(store, "tags.prompt = 'false'"));
        Assert.Equal("prompt", await ModelsAsync(store, "tags.prompt = 'true'"));
        Assert.Equal("model 1", await VersionsAsync(store, ""));
        Assert.Equal("prompt 1", await VersionsAsync(store, "tags.prompt = 'true' AND tags.text = 'hello'"));
    }

    [Fact]
    public async Task A_filter_reaches_large_tags_and_reads_those_only_that_it_needs()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync("model");
        for (var i = 1; i <= 4; i++)
        {
            await store.AddVersionAsync("model", "s3://" + i, new Tag("text", new string('x', 10_000) + i), new Tag("parity", i % 2 == 0 ? "even" : "odd"));
        }
        await VersionsAsync(store, "");

        Assert.Equal("model 3", await VersionsAsync(store, "tags.text LIKE '%3'"));
        Assert.Equal("model 4", await VersionsAsync(store, "NOT tags.text LIKE '%2' AND tags.parity = 'even'"));
        Assert.Equal("model 4,model 3,model 2,model 1", await VersionsAsync(store, "tags.text != 'x'"));
        Assert.Equal(3, await Instance.CountAsync(() => VersionsAsync(store, "tags.parity = 'even' AND tags.text LIKE '%2'")));
        Assert.Equal(1, await Instance.CountAsync(() => VersionsAsync(store, "tags.parity = 'even'")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("number DESC")]
    [InlineData("name DESC")]
    [InlineData("updated")]
    public async Task Pages_of_any_size_give_the_whole_once_in_order(string order)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        foreach (var name in (string[])["c", "a", "b"])
        {
            await store.RegisterAsync(name, 4);
        }
        var whole = await VersionsAsync(store, "", order);

        foreach (var size in (int[])[1, 2, 5, 11, 12])
        {
            var (all, token) = (new List<string>(), (string?)null);
            do
            {
                var page = Value(await store.RegistrySearch.SearchVersionsAsync(Query("", order), size, token, Ct));
                all.AddRange(page.Items.Select(static hit => $"{hit.Model.Name} {hit.Version.Number}"));
                token = page.Next;
            }
            while (token is not null);
            Assert.Equal(whole, string.Join(',', all));
        }
    }

    [Fact]
    public async Task A_warm_search_costs_one_operation_and_one_more_for_each_thing_that_changed()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        for (var i = 0; i < 20; i++)
        {
            await store.RegisterAsync($"m{i:00}", 3);
        }

        Assert.Equal(3, await Instance.CountAsync(() => VersionsAsync(other, "")));
        Assert.Equal(1, await Instance.CountAsync(() => VersionsAsync(other, "number = 2")));
        await store.AddVersionAsync("m05");
        Assert.Equal(3, await Instance.CountAsync(() => VersionsAsync(other, "")));
        Assert.Equal(1, await Instance.CountAsync(() => ModelsAsync(other, "")));
    }

    [Fact]
    public async Task Concurrent_searches_share_a_refresh_that_began_after_they_did()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync("model");
        for (var round = 1; round <= 10; round++)
        {
            await store.AddVersionAsync("model");
            var seen = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => VersionsAsync(store, "")));
            Assert.All(seen, one => Assert.StartsWith($"model {round}", one, StringComparison.Ordinal));
        }
    }

    private static RecordQuery Query(string filter, string order = "") => RecordQuery.Parse(filter, order.Length == 0 ? [] : [order], Schema).Value;

    private static async Task<string> ModelsAsync(Instance store, string filter) =>
        string.Join(',', Value(await store.RegistrySearch.SearchModelsAsync(Query(filter), 100, null, Ct)).Items.Select(static model => model.Model.Name));

    private static async Task<string> VersionsAsync(Instance store, string filter, string order = "") =>
        string.Join(',', Value(await store.RegistrySearch.SearchVersionsAsync(Query(filter, order), 100, null, Ct)).Items.Select(static hit => $"{hit.Model.Name} {hit.Version.Number}"));
}
