using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.StorageTests.Search;

namespace ServerlessMeta.StorageTests.LoggedModels;

public sealed class SearchTests(AzuriteFixture azurite)
{
    private static readonly (string? Filter, Func<Known, bool> Holds)[] Filters =
    [
        (null, static _ => true),
        ("metrics.m0 > 1", static model => model.Latest("m0", null) > 1),
        ("metrics.m1 != 2 OR params.p0 IS NULL", static model => model.Latest("m1", null) is { } value ? value != 2 || !model.Params.ContainsKey("p0") : !model.Params.ContainsKey("p0")),
        ("params.p1 = 'v1' and NOT tags.t0 LIKE '%2'", static model => model.Params.GetValueOrDefault("p1") == "v1" && model.Tags.GetValueOrDefault("t0") != "v2"),
        ("tags.t1 IS NOT NULL", static model => model.Tags.ContainsKey("t1")),
        ("status IN ('Ready', 'Pending')", static model => model.Status is not LoggedModelStatus.UploadFailed),
        ("(name = 'n0' OR name = 'n2') AND params.p0 >= 1", static model => model.Name is "n0" or "n2" && model.Params.GetValueOrDefault("p0") is "1" or "2"),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    public async Task Random_models_and_a_plain_model_in_memory_agree(int seed, int bits)
    {
        var random = new Random(seed);
        var time = new SteppedClock();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, settings: ("Experiments:PartitionBits", bits.ToString(CultureInfo.InvariantCulture)));
        await using var other = await store.AnotherAsync();
        ExperimentId[] experiments = [await store.CreateExperimentAsync("a"), await store.CreateExperimentAsync("b")];
        var run = await store.CreateRunAsync(experiments[0]);
        var known = new List<Known>();
        for (var call = 0; call < 120; call++)
        {
            if (known.Count == 0 || random.Next(5) == 0)
            {
                time.Milliseconds += random.Next(2);
                var name = $"n{random.Next(3)}";
                known.Add(new Known((await store.Models.CreateAsync(new NewLoggedModel(experiments[random.Next(2)], name), Ct)).Value) { Name = name });
            }
            await WriteAsync(random, random.Next(2) == 0 ? store : other, run, known[random.Next(known.Count)]);

            var (filter, holds) = Filters[random.Next(Filters.Length)];
            var (descending, byMetric, dataset) = (random.Next(2) == 0, random.Next(3) > 0, random.Next(2) == 0 ? "d1" : null);
            var found = await (random.Next(2) == 0 ? store : other).SearchModelsAsync(experiments, filter, byMetric ? [Modelling.By("metrics.m0", descending, dataset)] : []);

            var expected = known.Where(model => !model.Deleted && holds(model))
                .OrderBy(model => byMetric ? model.Rank("m0", dataset) : 0).ThenBy(model => !byMetric || model.Rank("m0", dataset) != 0 ? 0 : model.Latest("m0", dataset)!.Value * (descending ? -1 : 1))
                .ThenByDescending(static model => model.Made.CreatedAt).ThenBy(static model => model.Made.Id);
            Assert.Equal(expected.Select(static model => model.Made.Id), found.Value.Items.Select(static model => model.Id));
        }
    }

    [Fact]
    public async Task Pages_of_any_size_give_the_whole_once()
    {
        var time = new SteppedClock();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, settings: ("Experiments:PartitionBits", "1"));
        ExperimentId[] experiments = [await store.CreateExperimentAsync("a"), await store.CreateExperimentAsync("b")];
        var run = await store.CreateRunAsync(experiments[0]);
        for (var i = 0; i < 23; i++)
        {
            time.Milliseconds += i % 3;
            var id = await store.CreateModelAsync(experiments[i % 2], $"n{i % 4}");
            if (i % 3 > 0)
            {
                await store.LogForAsync(run, id, "m", i % 5 == 0 ? double.NaN : i % 4, 1);
            }
        }

        await Gen.Select(Gen.Int[1, 25], Gen.OneOf(null, "Name", "metrics.m", "CreatedAt"), Gen.Bool).SampleAsync(async (size, field, descending) =>
        {
            ImmutableArray<ModelOrder> order = field is null ? [] : [Modelling.By(field, descending)];
            var all = (await store.SearchModelsAsync(experiments, "name != 'n3'", order)).Value;
            var paged = new List<LoggedModelId>();
            string? token = null;
            do
            {
                var page = (await store.SearchModelsAsync(experiments, "name != 'n3'", order, size, token)).Value;
                Assert.InRange(page.Items.Length, 1, size);
                paged.AddRange(page.Items.Select(static model => model.Id));
                token = page.Next;
            }
            while (token is not null);
            Assert.Equal(all.Items.Select(static model => model.Id), paged);
        }, iter: 25, threads: 1);
    }

    [Fact]
    public async Task A_page_ends_early_when_its_models_have_very_many_points()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        MetricPoint[] points = [.. Enumerable.Range(0, 16_000).Select(static i => new MetricPoint("m", i, i, i))];
        for (var i = 0; i < 8; i++)
        {
            Assert.True((await store.LogForAsync(run, await store.CreateModelAsync(name: $"n{i}"), null, null, points)).IsOk);
        }

        var first = (await store.SearchModelsAsync([default], null, [Modelling.By("Name")])).Value;
        var second = (await store.SearchModelsAsync([default], null, [Modelling.By("Name")], token: first.Next)).Value;

        Assert.Equal("n0 n1 n2 n3 n4 n5", string.Join(' ', first.Items.Select(static model => model.Name)));
        Assert.Equal("n6 n7", string.Join(' ', second.Items.Select(static model => model.Name)));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_page_token_is_bound_to_its_query()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        for (var i = 0; i < 3; i++)
        {
            await store.CreateModelAsync(name: $"n{i}");
        }
        var token = (await store.SearchModelsAsync([default], "name != 'x'", [Modelling.By("Name")], 1)).Value.Next!;

        Assert.True((await store.SearchModelsAsync([default], "name  != 'x' and", [Modelling.By("Name")], 2, token)).IsOk);
        foreach (var refused in new[]
        {
            await store.SearchModelsAsync([default], "name != 'y'", [Modelling.By("Name")], 1, token), await store.SearchModelsAsync([default], "name != 'x'", [Modelling.By("Name", true)], 1, token),
            await store.SearchModelsAsync([default], "name != 'x'", [], 1, token), await store.SearchModelsAsync([default, new ExperimentId(1)], "name != 'x'", [Modelling.By("Name")], 1, token),
            await store.SearchModelsAsync([default], "name != 'x'", [Modelling.By("Name")], 1, token, new DatasetFilter("d", null)), await store.SearchModelsAsync([default], "name != 'x'", [Modelling.By("Name")], 1, "garbage!"),
            await store.SearchModelsAsync([default], "name != 'x'", [Modelling.By("Name")], 1, token[..^4]), await store.SearchModelsAsync([default], "name != 'x'", [Modelling.By("Name")], 1, token + token),
        })
        {
            Assert.Equal("page_token", Assert.IsType<Failure.Invalid>(refused.Failure).Field);
        }
    }

    [Fact]
    public async Task A_page_continues_behind_a_model_that_is_deleted_meanwhile()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        for (var i = 0; i < 4; i++)
        {
            await store.CreateModelAsync(name: $"n{i}");
        }
        var first = (await store.SearchModelsAsync([default], null, [Modelling.By("Name")], 2)).Value;

        Assert.True((await store.Models.DeleteAsync(first.Items[1].Id, Ct)).IsOk);

        Assert.Equal(["n2", "n3"], (await store.SearchModelsAsync([default], null, [Modelling.By("Name")], 2, first.Next)).Value.Items.Select(static model => model.Name));
    }

    [Fact]
    public async Task A_page_continues_where_its_last_model_stood_when_that_changes_meanwhile()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var ids = new List<LoggedModelId>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await store.CreateModelAsync(name: $"n{i}"));
            await store.LogForAsync(run, ids[i], "m", i, 1);
        }
        var first = (await store.SearchModelsAsync([default], null, [Modelling.By("metrics.m")], 2)).Value;
        await store.LogForAsync(run, ids[1], "m", 3.5, 2);

        var second = (await store.SearchModelsAsync([default], null, [Modelling.By("metrics.m")], 9, first.Next)).Value;

        Assert.Equal("n2 n3 n1 n4", string.Join(' ', second.Items.Select(static model => model.Name)));
    }

    [Fact]
    public async Task Models_that_lie_far_apart_are_read_one_by_one_and_whole()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        for (var i = 0; i < 91; i++)
        {
            await store.CreateModelAsync(name: i % 30 == 0 ? "wanted" : "other", tags: [new Tag("t", $"{i}")]);
        }

        Paged<LoggedModel>? page = null;
        var operations = await Instance.CountAsync(async () => page = (await store.SearchModelsAsync([default], "name = 'wanted'", [])).Value);

        Assert.Equal(["0", "30", "60", "90"], page!.Items.Select(static model => model.Tags.Single().Value).Order(StringComparer.Ordinal));
        Assert.Equal(6, operations);
    }

    [Theory]
    [InlineData(null, null, "test train none")]
    [InlineData("metrics.acc > 0.7", null, "test")]
    [InlineData("metrics.acc > 0.1", null, "test train")]
    [InlineData(null, "train", "test train")]
    [InlineData(null, "test", "test")]
    [InlineData(null, "nowhere", "")]
    [InlineData("metrics.acc > 0.7", "train", "")]
    [InlineData("metrics.acc > 0.7", "test", "test")]
    [InlineData("NOT metrics.acc > 0.7", "train", "test train none")]
    public async Task A_dataset_restricts_which_metrics_are_seen(string? filter, string? dataset, string names)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.CreateModelAsync(name: "none");
        var (train, test) = (await store.CreateModelAsync(name: "train"), await store.CreateModelAsync(name: "test"));
        await store.LogForAsync(run, train, "acc", 0.5, 1, "train", "d1");
        await store.LogForAsync(run, test, "acc", 0.4, 1, "train", "d2");
        await store.LogForAsync(run, test, "acc", 0.9, 2, "test", "d3");

        var found = await store.SearchModelsAsync([default], filter, [Modelling.By("metrics.acc", true, "test"), Modelling.By("Name", true)], datasets: dataset is null ? [] : [new DatasetFilter(dataset, null)]);

        Assert.Equal(names, string.Join(' ', found.Value.Items.Select(static model => model.Name)));
    }

    private static async Task WriteAsync(Random random, Instance store, RunId run, Known model)
    {
        if (model.Deleted)
        {
            return;
        }
        var (key, value) = (random.Next(2), random.Next(3));
        switch (random.Next(7))
        {
            case < 3:
                var (number, dataset) = (random.Next(5) == 0 ? double.NaN : value, random.Next(2) == 0 ? "d1" : null);
                model.Points.Add(($"m{key}", number, ++model.Step, dataset));
                Assert.True((await store.LogForAsync(run, model.Made.Id, $"m{key}", number, model.Step, dataset)).IsOk);
                break;
            case 3:
                var text = value.ToString(CultureInfo.InvariantCulture);
                var param = key == 0 ? new Tag("p0", text) : new Tag("p1", $"v{text}");
                Assert.Equal(model.Params.TryAdd(param.Key, param.Value) || model.Params[param.Key] == param.Value, (await store.Models.LogParamsAsync(model.Made.Id, [param], Ct)).IsOk);
                break;
            case 4:
                model.Tags[$"t{key}"] = $"v{value}";
                Assert.True((await store.Models.SetTagsAsync(model.Made.Id, [new Tag($"t{key}", $"v{value}")], Ct)).IsOk);
                break;
            case 5:
                model.Status = (LoggedModelStatus)(value + 1);
                Assert.True((await store.Models.SetStatusAsync(model.Made.Id, model.Status, Ct)).IsOk);
                break;
            default:
                model.Deleted = random.Next(4) == 0;
                if (model.Deleted)
                {
                    Assert.True((await store.Models.DeleteAsync(model.Made.Id, Ct)).IsOk);
                }
                else
                {
                    Assert.Equal(model.Tags.Remove($"t{key}"), (await store.Models.DeleteTagAsync(model.Made.Id, $"t{key}", Ct)).IsOk);
                }
                break;
        }
    }

    // Stands still but for steps; delays pass as ever.
    private sealed class SteppedClock : TimeProvider
    {
        public long Milliseconds { get; set; } = 1_700_000_000_000;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);
    }

    private sealed class Known(LoggedModel made)
    {
        public LoggedModel Made => made;

        public string Name { get; init; } = "";

        public LoggedModelStatus Status { get; set; } = LoggedModelStatus.Pending;

        public bool Deleted { get; set; }

        public long Step { get; set; }

        public List<(string Key, double Value, long Step, string? Dataset)> Points { get; } = [];

        public Dictionary<string, string> Params { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

        public double? Latest(string key, string? dataset) =>
            Points.Where(point => point.Key == key && (dataset is null || point.Dataset == dataset)).OrderBy(static point => point.Step).Select(static point => (double?)point.Value).LastOrDefault();

        // Numbers, then NaN, then nothing.
        public int Rank(string key, string? dataset) => Latest(key, dataset) is not { } value ? 2 : double.IsNaN(value) ? 1 : 0;
    }
}
