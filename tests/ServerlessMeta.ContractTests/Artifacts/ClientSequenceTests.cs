using System.Text;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Artifacts;

/// <summary>What clients call, one after the other, to log an image, a table, and what an autologging trainer makes.</summary>
public sealed class ClientSequenceTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    [Fact]
    public async Task An_image_is_logged_at_each_step()
    {
        var run = await host.Api.CreateRunAsync("0");
        for (var step = 0; step < 2; step++)
        {
            var folder = (await host.Api.GetRunAsync(run))["info"]!["artifact_uri"]!.ToString()["mlflow-artifacts:/".Length..];
            (await host.Api.PutFileAsync($"{folder}/images/dog%step%{step}%timestamp%1700000000000%0f.png", [1])).Ok();
            (await host.Api.PutFileAsync($"{folder}/images/dog%step%{step}%timestamp%1700000000000%0f%compressed.webp", [2])).Ok();
            (await host.Api.PostAsync("runs/log-batch", new { run_id = run, metrics = Array.Empty<object>(), @params = Array.Empty<object>(), tags = new[] { new { key = "mlflow.loggedImages", value = "True" } } })).Ok();
        }

        var names = Proxy.Names((await host.Api.GetAsync("artifacts/list", ("run_id", run), ("path", "images"))).Ok());

        Assert.Equal(4, names.Length);
        Assert.Contains("images/dog%step%1%timestamp%1700000000000%0f%compressed.webp", names);
        Assert.Equal("\u0001", await host.Api.ReadFileAsync(Proxy.PathOf(run, "images/dog%step%0%timestamp%1700000000000%0f.png")));
    }

    [Fact]
    public async Task A_table_is_logged_appended_to_and_loaded()
    {
        var run = await host.Api.CreateRunAsync("0");
        var folder = Proxy.PathOf(run, "").TrimEnd('/');
        Assert.Empty(await host.Api.NamesAsync(folder));
        (await host.Api.PutFileAsync(folder + "/eval.json", Encoding.UTF8.GetBytes("""{"columns":["q","score"],"data":[["a",1]]}"""))).Ok();
        (await host.Api.PostAsync("runs/set-tag", new { run_id = run, key = "mlflow.loggedArtifacts", value = """[{"path": "eval.json", "type": "table"}]""" })).Ok();

        Assert.Equal(["eval.json"], await host.Api.NamesAsync(folder));
        Assert.Contains("[\"a\",1]", await host.Api.ReadFileAsync(folder + "/eval.json"), StringComparison.Ordinal);
        (await host.Api.PutFileAsync(folder + "/eval.json", Encoding.UTF8.GetBytes("""{"columns":["q","score"],"data":[["a",1],["b",2]]}"""))).Ok();

        var preview = (await host.Api.GetAsync($"/api/v1/runs/{run}/preview", ("path", "eval.json"))).Ok();
        Assert.Equal(("table", 2), (preview["kind"]!.ToString(), preview["table"]!["firstRows"]!.AsArray().Count));
        Assert.Contains(
            (await host.Api.PostAsync("runs/search", new { experiment_ids = new[] { "0" }, filter = "tags.`mlflow.loggedArtifacts` LIKE '%eval.json%'" })).Ok()["runs"]!.AsArray(),
            found => found!["info"]!["run_id"]!.ToString() == run);
    }

    [Fact]
    public async Task An_autologged_training_is_stored_whole()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var run = await host.Api.CreateRunAsync(experiment);
        await host.Api.GetRunAsync(run);
        (await host.Api.PostAsync("runs/log-batch", new { run_id = run, @params = new[] { new { key = "C", value = "1.0" } }, tags = new[] { new { key = "estimator_name", value = "LogisticRegression" } } })).Ok();
        (await host.Api.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "dataset", digest = "1a2b3c4d", source_type = "code", source = "{}" }, tags = new[] { new { key = "mlflow.data.context", value = "train" } } } } })).Ok();
        (await host.Api.PostAsync("runs/log-batch", new { run_id = run, metrics = new[] { new { key = "training_score", value = 0.9, timestamp = 1, step = 0 } } })).Ok();
        (await host.Api.PutFileAsync($"{experiment}/{run}/artifacts/estimator.html", "<html></html>"u8.ToArray(), ("Content-Type", "text/html"))).Ok();
        (await host.Api.PostAsync("runs/update", new { run_id = run, status = "FINISHED", end_time = 2 })).Ok();

        var manifest = (await host.Api.GetAsync($"/api/v1/runs/{run}/manifest")).Ok();

        Assert.Equal(("dataset", 1), (manifest["inputs"]![0]!["path"]!.ToString(), manifest["inputs"]![0]!["version"]!.GetValue<int>()));
        Assert.Equal(["estimator.html"], manifest["outputs"]!.AsArray().Select(static entry => entry!["path"]!.ToString()));
        var summaries = (await host.Api.PostAsync("experiments/search-datasets", new { experiment_ids = new[] { experiment } })).Ok()["dataset_summaries"]!;
        Assert.Equal(("dataset", "train"), (summaries[0]!["name"]!.ToString(), summaries[0]!["context"]!.ToString()));
    }
}
