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
