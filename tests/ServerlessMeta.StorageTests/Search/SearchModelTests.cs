using System.Globalization;
using ServerlessMeta.Environments;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Search;

/// <summary>Random writes and searches through two instances agree with a plain model in memory.</summary>
public sealed class SearchModelTests(AzuriteFixture azurite)
{
    private static readonly string[] Versions = ["1.1", "1.2", "1.10"];

    private static readonly (string? Filter, Func<Known, bool> Holds)[] Filters =
    [
        (null, static _ => true),
        ("metrics.m0 > 1", static run => run.Metrics.TryGetValue("m0", out var value) && value > 1),
        ("metrics.m1 != 2 OR params.p0 IS NULL", static run => (run.Metrics.TryGetValue("m1", out var value) && value != 2) || !run.Params.ContainsKey("p0")),
        ("params.p1 = 'v1' and NOT tags.t0 LIKE '%2'", static run => run.Params.GetValueOrDefault("p1") == "v1" && run.Tags.GetValueOrDefault("t0") != "v2"),
        ("tags.t1 IS NOT NULL", static run => run.Tags.ContainsKey("t1")),
        ("status IN ('Finished', 'Failed')", static run => run.Status is RunStatus.Finished or RunStatus.Failed),
        ("packages.torch < '1.10' AND NOT packages.torch = '1.2'", static run => run.Torch is 1),
        ("packages.torch IS NULL OR packages.torch >= '1.10'", static run => run.Torch is 0 or 3),
        ("run_name = 'v0' OR start_time > 1700000000002", static run => run.Name == "v0" || run.Start > 2),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 1)]
    [InlineData(6, 0)]
    public async Task Two_instances_find_what_a_plain_model_has(int seed, int partitionBits)
    {
        var random = new Random(seed);
        await using var one = await Instance.StartAsync(azurite.ConnectionString, settings: ("Experiments:PartitionBits", partitionBits.ToString(CultureInfo.InvariantCulture)));
        await using var two = await one.AnotherAsync();
        ExperimentId[] experiments = [await one.CreateExperimentAsync("a"), await one.CreateExperimentAsync("b")];
        var model = new Model(experiments);

        for (var call = 0; call < 150; call++)
        {
            await model.WriteAsync(random, random.Next(2) == 0 ? one : two);
            await AgreeAsync(random, random.Next(2) == 0 ? one : two, model);
        }
    }

    private static async Task AgreeAsync(Random random, Instance store, Model model)
    {
        var (filter, holds) = Filters[random.Next(Filters.Length)];
        var stages = (StageFilter)random.Next(3);
        var byMetric = random.Next(2) == 0;
        ExperimentId[] within = random.Next(3) switch { 0 => [model.Experiments[0]], 1 => [model.Experiments[1]], _ => model.Experiments };

        var found = (await store.PageAsync(within, filter, byMetric ? "metrics.m0 DESC" : null, 1000, null, stages)).Value.Items;

        var expected = model.Runs.Where(run => within.Contains(run.Id.Experiment) && holds(run) && (stages is StageFilter.All || run.Deleted == stages is StageFilter.Deleted))
            .OrderBy(run => byMetric && !run.Metrics.ContainsKey("m0")).ThenByDescending(run => byMetric ? run.Metrics.GetValueOrDefault("m0") : 0)
            .ThenByDescending(static run => run.Start).ThenBy(static run => run.Id).ToList();
        Assert.Equal(expected.Select(static run => run.Id), found.Select(static run => run.Info.Id));
        foreach (var (known, run) in expected.Zip(found))
        {
            Assert.Equal((known.Name, known.Status, known.Deleted), (run.Info.Name, run.Info.Status, run.Info.Stage is LifecycleStage.Deleted));
            Assert.Equal(known.Metrics.OrderBy(static pair => pair.Key), run.Metrics.Select(static metric => KeyValuePair.Create(metric.Key, metric.Value)).OrderBy(static pair => pair.Key));
            Assert.Equal(known.Tags.OrderBy(static pair => pair.Key), run.Tags.Select(static tag => KeyValuePair.Create(tag.Key, tag.Value)).OrderBy(static pair => pair.Key));
            Assert.Equal(known.Params.OrderBy(static pair => pair.Key), run.Params.Select(static param => KeyValuePair.Create(param.Key, param.Value)).OrderBy(static pair => pair.Key));
        }
    }

    private sealed record Known(RunId Id, long Start)
    {
        public string Name { get; set; } = "run";

        public RunStatus Status { get; set; } = RunStatus.Running;

        public bool Deleted { get; set; }

        /// <summary>0 none, 1 to 3 for the versions in their order.</summary>
        public int Torch { get; set; }

        public Dictionary<string, double> Metrics { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Params { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
    }

    private sealed class Model(ExperimentId[] experiments)
    {
        private readonly HashSet<ExperimentId> deleted = [];
        private long step;

        public ExperimentId[] Experiments => experiments;

        public List<Known> Runs { get; } = [];

        public Task WriteAsync(Random random, Instance store)
        {
            var experiment = experiments[random.Next(2)];
            var what = random.Next(23);
            return what switch
            {
                _ when Runs.Count == 0 => CreateAsync(random, store, experiment),
                < 3 => CreateAsync(random, store, experiment),
                < 5 => store.Upkeep.RunAsync(Ct),
                5 => MoveAsync(store, experiment),
                6 => store.Outbox.SweepAsync(Ct),
                >= 20 => DescribeAsync(random, store, Runs[random.Next(Runs.Count)]),
                _ => ChangeAsync(random, store, Runs[random.Next(Runs.Count)], what),
            };
        }

        private async Task CreateAsync(Random random, Instance store, ExperimentId experiment)
        {
            var start = random.Next(5);
            var created = await store.Runs.CreateAsync(new NewRun(experiment, "run", "", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000 + start), []), Ct);
            if (created.IsOk)
            {
                Runs.Add(new Known(created.Value.Info.Id, start) { Deleted = deleted.Contains(experiment) });
            }
            Assert.True(created.IsOk || deleted.Contains(experiment));
        }

        private async Task MoveAsync(Instance store, ExperimentId experiment)
        {
            var delete = deleted.Add(experiment) || !deleted.Remove(experiment);
            Assert.True((await (delete ? store.Experiments.DeleteAsync(experiment, Ct) : store.Experiments.RestoreAsync(experiment, Ct))).IsOk);
            foreach (var run in Runs.Where(run => run.Id.Experiment == experiment))
            {
                run.Deleted = delete;
            }
        }

        private async Task DescribeAsync(Random random, Instance store, Known run)
        {
            var torch = random.Next(4);
            var content = torch == 0 ? EnvironmentContent.None : new EnvironmentContent { Packages = [new Tag("torch", Versions[torch - 1])] };
            var described = await store.Environments.DescribeAsync(run.Id, content, Launch.None, Ct);
            // An instance that has not seen the experiment's deletion yet may still write to its runs.
            Assert.True(described.IsOk ? !run.Deleted || deleted.Contains(run.Id.Experiment) : run.Deleted && described.Failure is Failure.WrongStage);
            run.Torch = described.IsOk ? torch : run.Torch;
        }

        private async Task ChangeAsync(Random random, Instance store, Known run, int what)
        {
            var (key, value) = (random.Next(3), string.Create(CultureInfo.InvariantCulture, $"v{random.Next(3)}"));
            var (isParam, isMove) = (what is > 12 and < 16, what > 17);
            var (metric, param, tag) = ($"m{key}", $"p{key}", $"t{key}");
            var number = random.Next(4);
            var status = (RunStatus)random.Next(1, 6);
            var written = what switch
            {
                < 11 => await store.Runs.LogAsync(run.Id, Logs.Point(metric, number, ++step), Ct),
                < 13 => await store.Runs.ChangeAsync(run.Id, new RunUpdate(status, null, value), Ct),
                < 16 => await store.Runs.LogAsync(run.Id, Logs.Param(param, value), Ct),
                < 18 => await store.Runs.LogAsync(run.Id, Logs.TagOf(tag, value), Ct),
                18 => await store.Runs.DeleteAsync(run.Id, Ct),
                _ => await store.Runs.RestoreAsync(run.Id, Ct),
            };
            if (!isMove && run.Deleted && deleted.Contains(run.Id.Experiment))
            {
                // An instance that has not seen the experiment's deletion yet may still write to its runs; they stay deleted.
                Assert.True(written.IsOk || written.Failure is Failure.WrongStage or Failure.ParamsChanged);
            }
            else
            {
                Assert.Equal(isMove || (!run.Deleted && (!isParam || run.Params.GetValueOrDefault(param, value) == value)), written.IsOk);
            }
            if (!written.IsOk)
            {
                return;
            }
            switch (what)
            {
                case < 11: run.Metrics[metric] = number; break;
                case < 13: (run.Status, run.Name) = (status, value); break;
                case < 16: run.Params[param] = value; break;
                case < 18: run.Tags[tag] = value; break;
                default: run.Deleted = what == 18; break;
            }
        }
    }
}
