using System.Collections.Immutable;
using ServerlessMeta.Datasets;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.Search;

public sealed class DatasetSearchTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_are_found_by_any_of_their_datasets_large_ones_too()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var runs = await store.CreateRunsAsync(default, 4);
        Assert.Empty(await other.IdsAsync(default, "datasets.name = 'train'"));
        var large = Dataset("train", "d2", "training") with { Profile = new string('p', 100_000) };

        Assert.True((await store.Runs.LogInputsAsync(runs[0], [Dataset("train", "d1", "training"), Dataset("test", "d1", "validation")], [], Ct)).IsOk);
        Assert.True((await store.Runs.LogInputsAsync(runs[1], [large], [], Ct)).IsOk);
        Assert.True((await store.Runs.LogInputsAsync(runs[2], [Dataset("raw", "d3", null)], [new ModelInput("m-1")], Ct)).IsOk);

        Assert.Equal([runs[1], runs[0]], await other.IdsAsync(default, "datasets.name = 'train'"));
        Assert.Equal([runs[2], runs[0]], await other.IdsAsync(default, "datasets.name != 'train'"));
        Assert.Equal([runs[1], runs[0]], await other.IdsAsync(default, "datasets.digest IN ('d1', 'd2')"));
        Assert.Equal([runs[2]], await other.IdsAsync(default, "datasets.name ILIKE 'R%'"));
        Assert.Equal([runs[0]], await other.IdsAsync(default, "datasets.context = 'validation'"));
        Assert.Equal([runs[1], runs[0]], await other.IdsAsync(default, "datasets.context LIKE '%ing'"));
        Assert.Equal([runs[3]], await other.IdsAsync(default, "NOT datasets.name LIKE '%'"));
        Assert.Equal(large.Profile, Assert.Single((await other.RunsAsync(default, "datasets.digest = 'd2'"))[0].Datasets).Profile);
    }

    private static DatasetInput Dataset(string name, string digest, string? context) =>
        new(name, digest, "local", "{}", null, null, context is null ? ImmutableArray<Tag>.Empty : [new Tag("context", context), new Tag("other", "x")]);
}
