using System.Text;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Artifacts;

/// <summary>Everything that a current client calls to log a model, its files included.</summary>
public sealed class LoggedModelFileTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private static readonly (string Path, string Content)[] Files =
    [
        ("MLmodel", "flavors:\n  sklearn:\n    sklearn_version: 1.3.2\n    pickled_model: model.pkl\nmodel_uuid: 1\n"),
        ("conda.yaml", "dependencies:\n- python=3.11.4\n- pip\n- pip:\n  - scikit-learn==1.3.2\n"),
        ("python_env.yaml", "python: 3.11.4\ndependencies:\n- -r requirements.txt\n"),
        ("requirements.txt", "scikit-learn==1.3.2\nnumpy==1.26.0\n"),
        ("model.pkl", "pickled"),
    ];

    [Fact]
    public async Task Log_model_works_whole()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var run = await host.Api.CreateRunAsync(experiment);
        (await host.Api.PostAsync("runs/log-batch", new { run_id = run, metrics = new[] { new { key = "f1", value = 0.5, timestamp = 1, step = 0 } } })).Ok();

        var model = (await host.Api.PostAsync("logged-models", new { experiment_id = experiment, name = "model", source_run_id = run })).Ok()["model"]!["info"]!;
        var id = model["model_id"]!.ToString();
        (await host.Api.PostAsync("runs/outputs", new { run_id = run, models = new[] { new { model_id = id, step = 0 } } })).Ok();
        var history = (await host.Api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "f1"), ("max_results", "25000"))).Ok()["metrics"]!;
        (await host.Api.PostAsync("runs/log-batch", new { run_id = run, metrics = new[] { new { key = "f1", value = history[0]!["value"]!.GetValue<double>(), timestamp = 1, step = 0, model_id = id } } })).Ok();
        var folder = model["artifact_uri"]!.ToString()["mlflow-artifacts:/".Length..];
        await Task.WhenAll(Files.Select(async file => (await host.Api.PutFileAsync($"{folder}/{file.Path}", Encoding.UTF8.GetBytes(file.Content))).Ok()));
        using var finalize = new HttpRequestMessage(HttpMethod.Patch, $"/api/2.0/mlflow/logged-models/{id}")
        {
            Content = new StringContent(new JsonObject { ["model_id"] = id, ["status"] = "LOGGED_MODEL_READY" }.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        (await host.Api.SendAsync(finalize)).Ok();

        var ready = (await host.Api.GetAsync($"logged-models/{id}")).Ok()["model"]!;
        Assert.Equal(("LOGGED_MODEL_READY", "f1"), (ready["info"]!["status"]!.ToString(), ready["data"]!["metrics"]![0]!["key"]!.ToString()));
        var listing = (await host.Api.GetAsync($"logged-models/{id}/artifacts/directories")).Ok();
        Assert.Equal(model["artifact_uri"]!.ToString(), listing["root_uri"]!.ToString());
        Assert.Equal(Files.Select(static file => file.Path).Order(StringComparer.Ordinal), Proxy.Names(listing).Order(StringComparer.Ordinal));
        Assert.Equal(id, (await host.Api.GetRunAsync(run))["outputs"]!["model_outputs"]![0]!["model_id"]!.ToString());
        var manifest = (await host.Api.GetAsync($"/api/v1/runs/{run}/manifest")).Ok()["outputs"]!.AsArray();
        Assert.Equal(5, manifest.Count(entry => entry!["model"]?.ToString() == id));
        Assert.Equal("text", (await host.Api.GetAsync($"/api/v1/runs/{run}/preview", ("path", "requirements.txt"), ("model", id))).Ok()["kind"]!.ToString());
    }

    [Theory]
    [InlineData("packages.`scikit-learn` < '1.4'", true)]
    [InlineData("packages.numpy >= '1.26' and packages.python = '3.11.4'", true)]
    [InlineData("packages.numpy > '1.26.0'", false)]
    [InlineData("packages.torch < '2.4'", false)]
    public async Task What_was_uploaded_with_a_model_or_a_run_is_searched_as_its_environment(string filter, bool found)
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var (byModel, byRun, bare) = (await host.Api.CreateRunAsync(experiment), await host.Api.CreateRunAsync(experiment), await host.Api.CreateRunAsync(experiment));
        var model = (await host.Api.PostAsync("logged-models", new { experiment_id = experiment, source_run_id = byModel })).Ok()["model"]!["info"]!;
        foreach (var (path, content) in Files)
        {
            (await host.Api.PutFileAsync($"{model["artifact_uri"]!.ToString()["mlflow-artifacts:/".Length..]}/{path}", Encoding.UTF8.GetBytes(content))).Ok();
            (await host.Api.PutFileAsync($"{experiment}/{byRun}/artifacts/model/{path}", Encoding.UTF8.GetBytes(content))).Ok();
        }
        var other = await host.AnotherAsync();

        var runs = (await other.Api.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter })).Ok()["runs"]?.AsArray() ?? [];

        Assert.Equal(found ? [byModel, byRun] : [], runs.Select(static run => run!["info"]!["run_id"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(runs, run => run!["info"]!["run_id"]!.ToString() == bare);
    }

    [Fact]
    public async Task A_description_that_cannot_be_read_is_stored_like_any_file()
    {
        var run = await host.Api.CreateRunAsync("0");

        (await host.Api.PutFileAsync(Proxy.PathOf(run, "conda.yaml"), [0xFF, 0xFE, 0x00, 0x7B])).Ok();
        (await host.Api.PutFileAsync("0/000000000000000000000000000000ff/artifacts/requirements.txt", "a==1"u8.ToArray())).Ok();
        (await host.Api.PutFileAsync("0/models/m-000000000000000000000000000000ff/artifacts/requirements.txt", "a==1"u8.ToArray())).Ok();
        (await host.Api.PostAsync("runs/delete", new { run_id = run })).Ok();
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "requirements.txt"), "a==1"u8.ToArray())).Ok();

        Assert.Equal(["conda.yaml", "requirements.txt"], await host.Api.NamesAsync(Proxy.PathOf(run, "").TrimEnd('/')));
    }

    [Fact]
    public async Task Stored_content_tells_its_size_and_its_faults()
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "a"), "content"u8.ToArray())).Ok();
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("content"u8));

        var content = (await host.Api.GetAsync($"/api/v1/contents/{sha256}")).Ok();

        Assert.Equal((7, 0), (content["size"]!.GetValue<int>(), content["faults"]!.AsArray().Count));
        Assert.Equal(404, (await host.Api.GetAsync($"/api/v1/contents/{new string('0', 64)}")).Status);
        Assert.Equal(400, (await host.Api.GetAsync("/api/v1/contents/nonsense")).Status);
    }
}
