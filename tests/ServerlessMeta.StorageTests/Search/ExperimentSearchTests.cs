using System.Collections.Immutable;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.StorageTests.Search;

public sealed class ExperimentSearchTests(AzuriteFixture azurite)
{
    private static readonly FieldSchema Schema = new()
    {
        Prefixes = [new FieldPrefix(FieldKind.Attribute, "attribute"), new FieldPrefix(FieldKind.Tag, "tags")],
        Attributes =
        [
            new FieldDefinition(ExperimentFields.Name, FieldType.Text, "name"), new FieldDefinition(ExperimentFields.CreatedAt, FieldType.Number, "creation_time"),
            new FieldDefinition(ExperimentFields.UpdatedAt, FieldType.Number, "last_update_time"), new FieldDefinition(ExperimentFields.Id, FieldType.Number, "experiment_id"),
        ],
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_default_experiment_is_found_in_a_new_store()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);

        Assert.Equal("Default", Assert.Single((await SearchAsync(store, null, null, 10, null)).Value.Items).Name);
    }

    [Theory]
    [InlineData(null, null, "late middle early2 early1 Default")]
    [InlineData(null, "name", "Default early1 early2 late middle")]
    [InlineData(null, "experiment_id", "Default early1 early2 middle late")]
    [InlineData(null, "last_update_time DESC", "early1 late middle early2 Default")]
    [InlineData("name LIKE 'early_'", null, "early2 early1")]
    [InlineData("tags.env = 'prod'", null, "middle early1")]
    [InlineData("tags.env != 'prod'", null, "late")]
    [InlineData("creation_time > 0 AND name != 'Default'", "tags.env DESC", "middle early1 late early2")]
    public async Task Experiments_are_found_and_ordered(string? filter, string? order, string names)
    {
        await using var store = await SeededAsync();

        var found = (await SearchAsync(store, filter, order, 100, null)).Value;

        Assert.Equal(names, string.Join(' ', found.Items.Select(static experiment => experiment.Name)));
        Assert.Null(found.Next);
    }

    [Fact]
    public async Task A_change_is_found_by_another_instance_at_once()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        Assert.Empty((await SearchAsync(other, "name = 'a'", null, 10, null)).Value.Items);

        var id = await store.CreateExperimentAsync("a");
        Assert.Equal(id, Assert.Single((await SearchAsync(other, "name = 'a'", null, 10, null)).Value.Items).Id);

        await store.Experiments.SetTagAsync(id, new Tag("env", "prod"), Ct);
        Assert.Equal(id, Assert.Single((await SearchAsync(other, "tags.env = 'prod'", null, 10, null)).Value.Items).Id);

        await store.Experiments.RenameAsync(id, "b", Ct);
        Assert.Equal(id, Assert.Single((await SearchAsync(other, "name = 'b'", null, 10, null)).Value.Items).Id);

        await store.Experiments.DeleteAsync(id, Ct);
        Assert.Empty((await SearchAsync(other, "name = 'b'", null, 10, null)).Value.Items);
        Assert.Equal(id, Assert.Single((await SearchAsync(other, null, null, 10, null, StageFilter.Deleted)).Value.Items).Id);
        Assert.Equal(2, (await SearchAsync(other, null, null, 10, null, StageFilter.All)).Value.Items.Length);

        await store.Experiments.RestoreAsync(id, Ct);
        Assert.Equal(id, Assert.Single((await SearchAsync(other, "name = 'b'", null, 10, null)).Value.Items).Id);
    }

    [Fact]
    public async Task Pages_of_any_size_are_the_whole_once_and_in_order()
    {
        await using var store = await SeededAsync();

        await Gen.Select(Gen.Int[1, 6], Gen.OneOf(null, "name", "tags.env", "creation_time", "experiment_id DESC")).SampleAsync(async (size, order) =>
        {
            var all = (await SearchAsync(store, null, order, 100, null)).Value.Items;
            var paged = new List<Experiment>();
            string? token = null;
            do
            {
                var page = (await SearchAsync(store, null, order, size, token)).Value;
                paged.AddRange(page.Items);
                token = page.Next;
            }
            while (token is not null);
            Assert.Equal(all.Select(static experiment => experiment.Id), paged.Select(static experiment => experiment.Id));
        }, iter: 15, threads: 1);
    }

    [Fact]
    public async Task A_page_token_of_another_query_or_of_nobody_is_refused()
    {
        await using var store = await SeededAsync();
        var token = (await SearchAsync(store, null, "name", 1, null)).Value.Next!;
        var mark = System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token))[..16];

        Assert.True((await SearchAsync(store, null, "name", 1, token)).IsOk);
        Refused(await SearchAsync(store, "name != 'x'", "name", 1, token));
        Refused(await SearchAsync(store, null, "name DESC", 1, token));
        Refused(await SearchAsync(store, null, "name", 1, token, StageFilter.All));
        Refused(await SearchAsync(store, null, "name", 1, "garbage"));
        foreach (var after in (string[])["", "x", "99", "-1", "99999999999999999999"])
        {
            Refused(await SearchAsync(store, null, "name", 1, System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(mark + after))));
        }
    }

    private async Task<Instance> SeededAsync()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
        var store = await Instance.StartAsync(azurite.ConnectionString, null, time);
        await store.Experiments.FindAsync(ExperimentId.Default, Ct);
        time.Advance(TimeSpan.FromSeconds(1));
        await CreateAsync(store, "early1", new Tag("env", "prod"));
        time.Advance(TimeSpan.FromSeconds(1));
        await CreateAsync(store, "early2");
        time.Advance(TimeSpan.FromSeconds(1));
        await CreateAsync(store, "middle", new Tag("env", "prod"));
        time.Advance(TimeSpan.FromSeconds(1));
        await CreateAsync(store, "late", new Tag("env", "PROD"));
        time.Advance(TimeSpan.FromSeconds(1));
        await store.Experiments.SetTagAsync(new ExperimentId(1), new Tag("env", "prod"), Ct);
        return store;
    }

    private static Task<Result<Experiment>> CreateAsync(Instance store, string name, params ImmutableArray<Tag> tags) => store.Experiments.CreateAsync(new NewExperiment(name, null, tags), Ct);

    private static Task<Result<Paged<Experiment>>> SearchAsync(Instance store, string? filter, string? order, int max, string? token, StageFilter stages = StageFilter.Active) =>
        store.ExperimentSearch.SearchAsync(RecordQuery.Parse(filter, order is null ? [] : [order], Schema).Value, stages, max, token, Ct);

    private static void Refused(Result<Paged<Experiment>> answer) => Assert.Equal("page_token", Assert.IsType<Failure.Invalid>(answer.Failure).Field);
}
