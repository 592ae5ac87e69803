using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Mlflow;

/// <summary>Datasets that runs read, by experiment.</summary>
public sealed class DatasetTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private readonly Api api = host.Api;

    [Fact]
    public async Task Each_dataset_of_each_context_is_listed_once()
    {
        var (one, two) = (await api.CreateExperimentAsync(), await api.CreateExperimentAsync());
        var (first, second, other) = (await api.CreateRunAsync(one), await api.CreateRunAsync(one), await api.CreateRunAsync(two));
        await LogAsync(first, ("train", "d1", "training"), ("test", "d2", null));
        await LogAsync(second, ("train", "d1", "training"), ("train", "d2", "training"), ("test", "d2", "eval"));
        await LogAsync(other, ("train", "d1", "training"));
        (await api.PostAsync("runs/delete", new { run_id = second })).Ok();

        var found = (await api.PostAsync("experiments/search-datasets", new { experiment_ids = new[] { two, one, "999999", "none" } })).Ok()["dataset_summaries"]!.AsArray();

        Assert.Equal(
            [$"{two} train d1 training", $"{one} test d2 ", $"{one} test d2 eval", $"{one} train d1 training", $"{one} train d2 training"],
            found.Select(static summary => $"{summary!["experiment_id"]} {summary["name"]} {summary["digest"]} {summary["context"]}"));
        Assert.Null(found[1]!["context"]);
    }

    [Fact]
    public async Task Another_instance_lists_a_dataset_as_soon_as_it_was_logged()
    {
        var other = await host.AnotherAsync();
        var experiment = await api.CreateExperimentAsync();
        Assert.Equal("{}", (await other.Api.PostAsync("experiments/search-datasets", new { experiment_ids = new[] { experiment } })).Text);
        for (var i = 1; i <= 5; i++)
        {
            await LogAsync(await api.CreateRunAsync(experiment), ("train", $"d{i}", null));

            Assert.Equal(i, (await other.Api.PostAsync("experiments/search-datasets", new { experiment_ids = new[] { experiment } })).Ok()["dataset_summaries"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task One_to_twenty_experiments_are_named()
    {
        (await api.PostAsync("experiments/search-datasets", new { })).Fails(400, "INVALID_PARAMETER_VALUE", "SearchDatasets request must specify at least one experiment_id.");
        (await api.PostAsync("experiments/search-datasets", new { experiment_ids = Enumerable.Repeat("0", 21) })).Fails(400, "INVALID_PARAMETER_VALUE",
            "SearchDatasets request cannot specify more than 20 experiment_ids. Received 21 experiment_ids.");

        (await api.PostAsync("experiments/search-datasets", new { experiment_ids = Enumerable.Repeat("0", 20) })).Ok();
    }

    [Theory]
    [InlineData(1000, 0, 0, null)]
    [InlineData(1001, 0, 0, "'datasets' has 1001 items; a request takes up to 1000")]
    [InlineData(0, 1000, 0, null)]
    [InlineData(0, 1001, 0, "'models' has 1001 items; a request takes up to 1000")]
    [InlineData(1, 0, 100, null)]
    [InlineData(1, 0, 101, "'datasets[0].tags' has 101 items; a request takes up to 100")]
    public async Task A_call_takes_so_many_inputs(int datasets, int models, int tags, string? refused)
    {
        var answer = await api.PostAsync("runs/log-inputs", new
        {
            run_id = await api.CreateRunAsync("0"),
            datasets = Enumerable.Repeat(new { dataset = new { name = "same", digest = "d", source_type = "t", source = "s" }, tags = Enumerable.Range(0, tags).Select(static i => new { key = $"k{i}", value = "v" }) }, datasets),
            models = Enumerable.Range(0, models).Select(static i => new { model_id = $"m-{i}" }),
        });

        Check(answer, refused);
    }

    [Theory]
    [InlineData(1000, null)]
    [InlineData(1001, "'models' has 1001 items; a request takes up to 1000")]
    public async Task A_call_takes_so_many_outputs(int models, string? refused) => Check(
        await api.PostAsync("runs/outputs", new { run_id = await api.CreateRunAsync("0"), models = Enumerable.Range(0, models).Select(static i => new { model_id = $"{i:d5}{new string('数', 245)}", step = i }) }), refused);

    [Theory]
    [InlineData(36, 'x')]
    [InlineData(80, 'x')]
    [InlineData(36, '数')]
    [InlineData(100, '数')]
    public async Task Long_tags_of_a_dataset_are_taken_or_refused_and_never_a_fault(int count, char letter)
    {
        var run = await api.CreateRunAsync("0");
        var tags = Enumerable.Range(0, count).Select(i => new { key = $"{i:d3}", value = new string(letter, 500) });

        var answer = await api.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "n", digest = "d", source_type = "t", source = "s" }, tags } } });

        Check(answer, count < 100 ? null : "The name, digest and tags of a dataset take up to 61440 bytes.");
        Assert.Equal(count < 100 ? count : 0, (await api.GetRunAsync(run))["inputs"]?["dataset_inputs"]?[0]?["tags"]?.AsArray().Count ?? 0);
    }

    private static void Check(Answer answer, string? refused)
    {
        if (refused is null)
        {
            answer.Ok();
        }
        else
        {
            answer.Fails(400, "INVALID_PARAMETER_VALUE", refused);
        }
    }

    private async Task LogAsync(string run, params (string Name, string Digest, string? Context)[] datasets) => (await api.PostAsync("runs/log-inputs", new
    {
        run_id = run,
        datasets = datasets.Select(static dataset => new
        {
            dataset = new { name = dataset.Name, digest = dataset.Digest, source_type = "s3", source = "s3://b/" + dataset.Name },
            tags = dataset.Context is null ? [] : new[] { new { key = "mlflow.data.context", value = dataset.Context } },
        }),
    })).Ok();
}
