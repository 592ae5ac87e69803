using System.Globalization;
using ServerlessMeta.Environments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.StorageTests.Environments;

namespace ServerlessMeta.StorageTests.Search;

/// <summary>Runs found by the packages of their environments.</summary>
public sealed class PackageSearchTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("300")]
    [InlineData("1")]
    public async Task Runs_are_found_and_ordered_by_versions_on_any_instance(string megabytes)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync(null, ("Search:IndexMegabytes", megabytes));
        var filling = new string('x', 8_000);
        var runs = await store.CreateRunsAsync(default, 60, _ => [new Tag("a", filling), new Tag("b", filling), new Tag("c", filling)]);
        string[] versions = ["2.10.0", "2.3.1+cu121", "2.4.0", "1.13"];
        for (var i = 0; i < versions.Length; i++)
        {
            await DescribeAsync(store, runs[i], $"torch=={versions[i]}");
        }
        await DescribeAsync(store, runs[4], "torch>=1");

        Assert.Equal([runs[3], runs[1]], await other.IdsAsync(default, "packages.torch < '2.4'"));
        Assert.Equal([runs[0], runs[2], runs[1], runs[3]], await other.IdsAsync(default, "packages.torch IS NOT NULL AND NOT packages.torch IN ('9') AND packages.torch LIKE '%'", "packages.torch DESC"));
        Assert.Equal(5, (await other.IdsAsync(default, "packages.torch IS NOT NULL")).Length);
        Assert.Equal(55, (await other.IdsAsync(default, "packages.torch IS NULL")).Length);
        Assert.Empty(await other.IdsAsync(default, "packages.absent != '1'"));
    }

    [Fact]
    public async Task What_one_instance_wrote_another_finds_at_once()
    {
        await using var writer = await Instance.StartAsync(azurite.ConnectionString);
        await using var searcher = await writer.AnotherAsync();
        var runs = await writer.CreateRunsAsync(default, 3);
        Assert.Empty(await searcher.IdsAsync(default, "packages.torch = '2'"));

        await DescribeAsync(writer, runs[1], "torch==2");
        Assert.Equal([runs[1]], await searcher.IdsAsync(default, "packages.torch = '2'"));

        await DescribeAsync(writer, runs[1], "torch==3");
        Assert.Empty(await searcher.IdsAsync(default, "packages.torch = '2'"));
        await writer.Environments.TakeAsync(runs[2], [new EnvironmentFile("model/conda.yaml", "dependencies: [python=3.11.4, {pip: [torch==2]}]")], Ct);
        Assert.Equal([runs[2]], await searcher.IdsAsync(default, "packages.torch = '2' AND packages.python LIKE '3.11%'"));
    }

    [Fact]
    public async Task Pages_by_version_go_on_where_the_last_one_ended()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var runs = await store.CreateRunsAsync(default, 12);
        foreach (var (run, i) in runs.Select(static (run, i) => (run, i)))
        {
            await DescribeAsync(store, run, string.Create(CultureInfo.InvariantCulture, $"torch==1.{i % 5}"));
        }
        var whole = await store.IdsAsync(default, null, "packages.torch DESC");

        var (seen, token) = (new List<RunId>(), (string?)null);
        do
        {
            var page = (await (seen.Count % 2 == 0 ? store : other).PageAsync([default], null, "packages.torch DESC", 5, token)).Value;
            seen.AddRange(page.Items.Select(static run => run.Info.Id));
            token = page.Next;
        }
        while (token is not null);

        Assert.Equal(whole, seen);
        Assert.Equal([4, 4, 3, 3], whole.Take(4).Select(run => Array.IndexOf(runs, run) % 5));
    }

    [Fact]
    public async Task A_search_reads_each_environment_once_and_one_that_names_no_package_reads_none()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var runs = await store.CreateRunsAsync(default, 80);
        foreach (var (run, i) in runs.Select(static (run, i) => (run, i)))
        {
            await DescribeAsync(store, run, string.Create(CultureInfo.InvariantCulture, $"torch==1.{i % 40}"));
        }
        await store.Upkeep.RunAsync(Ct);
        await other.IdsAsync(default);

        Assert.Equal(2, await Instance.CountAsync(() => other.IdsAsync(default, "run_name = 'x'")));
        // Forty environments: listed in one.
        Assert.Equal(3, await Instance.CountAsync(() => other.IdsAsync(default, "packages.torch < '1.5' AND packages.numpy IS NULL", "packages.torch")));
        Assert.Equal(2, await Instance.CountAsync(() => other.IdsAsync(default, "packages.torch < '1.7'")));
    }

    [Fact]
    public async Task More_environments_than_the_catalog_holds_are_read_again_and_found()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var small = await store.AnotherAsync(null, ("Environments:CatalogMegabytes", "1"));
        var runs = await store.CreateRunsAsync(default, 40);
        var many = string.Join('\n', Enumerable.Range(0, 4_000).Select(static n => $"package-{n}=={n}.0"));
        foreach (var (run, i) in runs.Select(static (run, i) => (run, i)))
        {
            await DescribeAsync(store, run, many + string.Create(CultureInfo.InvariantCulture, $"\ntorch==1.{i}"));
        }

        for (var repetition = 0; repetition < 2; repetition++)
        {
            Assert.Equal(5, (await small.IdsAsync(default, "packages.torch < '1.5'")).Length);
            Assert.Equal(40, (await small.IdsAsync(default, "packages.package_3999 = '3999'")).Length);
        }
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public async Task An_environment_may_have_many_packages(int count)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var run = await store.CreateRunAsync();
        var name = new string('n', count > 10_000 ? 25 : 20);
        var files = Enumerable.Range(0, 2).Select(half => new EnvironmentFile($"f{half}/requirements.txt", string.Join('\n', Enumerable.Range(half * count / 2, count / 2).Select(n => $"{name}-{n}==1.{n}"))));

        Assert.True((await store.Environments.DescribeAsync(run, new EnvironmentContent { Files = [.. files] }, Launch.None, Ct)).IsOk);

        Assert.Equal([run], await other.IdsAsync(default, $"packages.`{name}-{count - 1}` = '1.{count - 1}'"));
        Assert.Empty(await other.IdsAsync(default, $"packages.`{name}-{count}` IS NOT NULL"));
    }

    private static async Task DescribeAsync(Instance store, RunId run, string requirements) =>
        Assert.True((await store.Environments.DescribeAsync(run, EnvironmentTests.Requirements(requirements), Launch.None, Ct)).IsOk);
}
