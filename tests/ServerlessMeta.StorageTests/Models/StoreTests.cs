using System.Collections.Immutable;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Models;

public sealed class StoreTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_taken_until_its_model_is_deleted_or_renamed()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var first = await store.RegisterAsync("a");

        Assert.IsType<Failure.AlreadyExists>((await store.Registry.CreateAsync(new NewModel("a"), Ct)).Failure);
        var renamed = Value(await store.Registry.RenameAsync("a", "b", Ct));
        var second = await store.RegisterAsync("a");
        Assert.IsType<Failure.AlreadyExists>((await store.Registry.RenameAsync("a", "b", Ct)).Failure);
        Value(await store.Registry.DeleteAsync("b", Ct));
        var third = await store.RegisterAsync("b");

        Assert.Equal((1, 1, 2, 3), (first.Number, renamed.Number, second.Number, third.Number));
        Assert.IsType<Failure.NotFound>((await store.Registry.FindAsync("c", Ct)).Failure);
        Assert.Equal(3, (await store.ModelAsync("b")).Number);
    }

    [Fact]
    public async Task Another_instance_finds_a_renamed_model_by_its_new_name_alone()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync("a", 2);
        await using var other = await store.AnotherAsync();
        Assert.Equal("a", (await other.ModelAsync("a")).Name);

        Value(await store.Registry.RenameAsync("a", "b", Ct));

        Assert.IsType<Failure.NotFound>((await other.Registry.FindAsync("a", Ct)).Failure);
        Assert.Equal("s3://2", Value(await other.ModelVersions.FindAsync("b", 2, Ct)).Version.Source);
    }

    [Fact]
    public async Task Many_instances_create_models_and_versions_without_giving_a_number_twice()
    {
        await using var first = await Instance.StartAsync(azurite.ConnectionString);
        await first.RegisterAsync("shared");
        var instances = new List<Instance>();
        for (var i = 0; i < 4; i++)
        {
            instances.Add(await first.AnotherAsync());
        }

        var models = await Task.WhenAll(instances.SelectMany(store => Enumerable.Range(0, 5).Select(i => store.Registry.CreateAsync(new NewModel($"{instances.IndexOf(store)}-{i}"), Ct))));
        var versions = await Task.WhenAll(instances.SelectMany(store => Enumerable.Range(0, 8).Select(_ => store.ModelVersions.CreateAsync("shared", new NewModelVersion("s3://b"), Ct))));
        foreach (var store in instances)
        {
            await store.DisposeAsync();
        }

        Assert.Equal(Enumerable.Range(2, 20).Select(static number => (long)number), models.Select(static model => Value(model).Number).Order());
        Assert.Equal(Enumerable.Range(1, 32), versions.Select(static version => Value(version).Version.Number).Order());
    }

    [Fact]
    public async Task A_deleted_version_loses_its_aliases_and_stage_and_its_number_is_not_given_again()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync(versions: 2);
        Value(await store.Aliases.SetAsync("model", "champion", 2, MoveTerms.None, Ct));
        Value(await store.Aliases.SetAsync("model", "first", 1, MoveTerms.None, Ct));
        Value(await store.Aliases.TransitionAsync("model", 2, ModelStage.Production, false, MoveTerms.None, Ct));

        Value(await store.ModelVersions.DeleteAsync("model", 2, Ct));

        var model = await store.ModelAsync();
        Assert.Equal([KeyValuePair.Create("first", 1)], model.Aliases);
        Assert.Empty(model.Stages);
        Assert.IsType<Failure.NotFound>((await store.ModelVersions.FindAsync("model", 2, Ct)).Failure);
        Assert.IsType<Failure.NotFound>((await store.ModelVersions.DeleteAsync("model", 2, Ct)).Failure);
        Assert.IsType<Failure.NotFound>((await store.Aliases.SetAsync("model", "a", 2, MoveTerms.None, Ct)).Failure);
        Assert.Equal(3, (await store.AddVersionAsync("model")).Version.Number);
    }

    [Fact]
    public async Task A_transition_archives_the_others_of_the_stage_and_no_reader_sees_two_or_none()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync(versions: 2);
        Value(await store.Aliases.TransitionAsync("model", 1, ModelStage.Production, false, MoveTerms.None, Ct));
        await using var other = await store.AnotherAsync();
        using var done = new CancellationTokenSource();

        var reading = Task.Run(async () =>
        {
            var seen = new HashSet<int>();
            while (!done.IsCancellationRequested)
            {
                seen.Add((await other.ModelAsync()).Stages.Count(static stage => stage.Value is ModelStage.Production));
            }
            return seen;
        }, Ct);
        for (var i = 0; i < 20; i++)
        {
            Value(await store.Aliases.TransitionAsync("model", 2 - (i % 2), ModelStage.Production, true, MoveTerms.None, Ct));
        }
        await done.CancelAsync();

        Assert.Equal([1], await reading);
        var model = await store.ModelAsync();
        Assert.Equal((ModelStage.Production, ModelStage.Archived), (model.StageOf(1), model.StageOf(2)));
    }

    [Fact]
    public async Task Of_two_who_expect_the_same_holder_one_wins_and_the_other_is_told()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        await store.RegisterAsync(versions: 3);
        Value(await store.Aliases.SetAsync("model", "champion", 1, new MoveTerms { Holder = 0 }, Ct));

        var moved = await Task.WhenAll(store.Aliases.SetAsync("model", "champion", 2, new MoveTerms { Holder = 1 }, Ct), other.Aliases.SetAsync("model", "champion", 3, new MoveTerms { Holder = 1 }, Ct));

        Assert.IsType<Failure.Conflict>(Assert.Single(moved, static one => !one.IsOk).Failure);
        Assert.Equal(moved[0].IsOk ? 2 : 3, (await store.ModelAsync()).Aliases["champion"]);
    }

    [Fact]
    public async Task What_changes_nothing_writes_nothing()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync(versions: 1);
        Value(await store.Aliases.SetAsync("model", "a", 1, MoveTerms.None, Ct));
        Value(await store.Aliases.TransitionAsync("model", 1, ModelStage.Staging, true, MoveTerms.None, Ct));
        Value(await store.Registry.SetTagAsync("model", new Tag("k", "v"), Ct));
        Value(await store.ModelVersions.SetTagAsync("model", 1, new Tag("k", new string('v', 50_000)), Ct));
        Value(await store.Registry.UpdateAsync("model", "d", "o", null, Ct));
        var before = await store.ModelAsync();

        Value(await store.Aliases.SetAsync("model", "a", 1, MoveTerms.None, Ct));
        Value(await store.Aliases.DeleteAsync("model", "b", MoveTerms.None, Ct));
        Value(await store.Aliases.TransitionAsync("model", 1, ModelStage.Staging, true, MoveTerms.None, Ct));
        Value(await store.Registry.SetTagAsync("model", new Tag("k", "v"), Ct));
        Value(await store.Registry.DeleteTagAsync("model", "none", Ct));
        Value(await store.ModelVersions.SetTagAsync("model", 1, new Tag("k", new string('v', 50_000)), Ct));
        Value(await store.ModelVersions.DeleteTagAsync("model", 1, "none", Ct));
        Value(await store.Registry.UpdateAsync("model", "d", null, null, Ct));
        Value(await store.Registry.RenameAsync("model", "model", Ct));

        Assert.Equal(before.Revision, (await store.ModelAsync()).Revision);
    }

    [Fact]
    public async Task A_key_lets_a_creation_be_repeated()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var wanted = new NewModel("model") { IdempotencyKey = "k" };
        var version = new NewModelVersion("s3://b") { IdempotencyKey = "k" };

        var models = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? store : other).Registry.CreateAsync(wanted, Ct)));
        var versions = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? store : other).ModelVersions.CreateAsync("model", version, Ct)));
        Value(await store.Registry.RenameAsync("model", "renamed", Ct));
        Value(await store.ModelVersions.DeleteAsync("renamed", 1, Ct));

        Assert.All(models, static made => Assert.Equal(1, Value(made).Number));
        Assert.All(versions, static made => Assert.Equal(1, Value(made).Version.Number));
        Assert.Equal("renamed", Value(await store.Registry.CreateAsync(wanted, Ct)).Name);
        Assert.IsType<Failure.Clash>((await store.ModelVersions.CreateAsync("renamed", version, Ct)).Failure);
    }

    [Fact]
    public async Task A_creation_finds_what_another_instance_makes_with_its_key_at_any_moment_of_it()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var between = new BetweenPolicy();
        await using var other = await store.AnotherAsync(between);

        var request = 0;
        for (RegisteredModel? first = null; request == 0 || first is not null; request++)
        {
            var wanted = new NewModel($"model-{request}") { IdempotencyKey = "k" };
            first = null;
            between.Arm(request + 1, async () => first = Value(await store.Registry.CreateAsync(wanted, Ct)));

            var again = Value(await other.Registry.CreateAsync(wanted, Ct));

            Assert.Equal(first?.Number ?? again.Number, again.Number);
        }

        Assert.True(request > 4, $"{request - 1} moments");
    }

    [Fact]
    public async Task Large_tag_values_stand_in_rows_of_their_own()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync();
        var (text, wide) = (new string('x', 100_000), new string('\u4e16', 100_000));

        var made = await store.AddVersionAsync("model", "s3://b", new Tag("text", text), new Tag("small", "s"));
        Value(await store.ModelVersions.SetTagAsync("model", 1, new Tag("wide", wide), Ct));
        Value(await store.ModelVersions.SetTagAsync("model", 1, new Tag("text", text + "!"), Ct));
        Value(await store.ModelVersions.SetTagAsync("model", 1, new Tag("small", new string('s', 4097)), Ct));
        Value(await store.Registry.SetTagAsync("model", new Tag("own", text), Ct));
        var found = Value(await store.ModelVersions.FindAsync("model", 1, Ct));
        var all = await store.ModelTags.AllAsync(found.Version, Ct);
        Value(await store.ModelVersions.SetTagAsync("model", 1, new Tag("text", "now small"), Ct));
        Value(await store.ModelVersions.DeleteTagAsync("model", 1, "wide", Ct));
        var later = await store.ModelTags.AllAsync(Value(await store.ModelVersions.FindAsync("model", 1, Ct)).Version, Ct);

        Assert.Equal([new Tag("small", "s")], made.Version.Tags);
        Assert.Equal(["small", "text", "wide"], found.Version.LargeTags.Select(static tag => tag.Key).Order(StringComparer.Ordinal));
        Assert.Equal([new Tag("small", new string('s', 4097)), new Tag("text", text + "!"), new Tag("wide", wide)], all.OrderBy(static tag => tag.Key, StringComparer.Ordinal));
        Assert.Equal([new Tag("small", new string('s', 4097)), new Tag("text", "now small")], later.OrderBy(static tag => tag.Key, StringComparer.Ordinal));
        Assert.Equal([new Tag("own", text)], await store.ModelTags.AllAsync(await store.ModelAsync(), Ct));
        Assert.Equal(0, await Instance.CountAsync(async () => await store.ModelTags.AllAsync(made.Version with { LargeTags = [] }, Ct)));
    }

    [Fact]
    public async Task The_largest_call_fits_one_transaction_and_the_next_is_refused()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var inline = Enumerable.Range(0, 31).Select(static i => new Tag($"i{i}", new string('\u4e16', 1365))).ToImmutableArray();
        var large = Enumerable.Range(0, 50).Select(static i => new Tag($"l{i:00}", new string('\u4e16', 6666))).ToImmutableArray();
        Value(await store.Registry.CreateAsync(new NewModel("model") { Tags = [.. inline], Description = new string('\u4e16', 20_000) }, Ct));

        var made = Value(await store.ModelVersions.CreateAsync("model", new NewModelVersion("s3://b") { Tags = [.. inline, .. large], Description = new string('\u4e16', 20_000) }, Ct));

        Assert.Equal(81, (await store.ModelTags.AllAsync(made.Version, Ct)).Length);
        foreach (var tags in (ImmutableArray<Tag>[])[[.. large, new Tag("l50", new string('x', 4097))], [.. large.Take(49), new Tag("l", new string('\u4e16', 7000))], [.. inline, new Tag("i", new string('x', 4096))]])
        {
            Assert.IsType<Failure.Invalid>((await store.ModelVersions.CreateAsync("model", new NewModelVersion("s3://b") { Tags = tags }, Ct)).Failure);
        }
    }
}
