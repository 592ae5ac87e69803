using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Mlflow;

/// <summary>A client repeats what it heard no answer of: every write said twice leaves what it leaves said once.</summary>
public sealed class RepeatTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private readonly Api api = host.Api;

    public static TheoryData<string, string> Writes => new()
    {
        { "runs/log-metric", """{"key":"m","value":2,"timestamp":9,"step":3}""" },
        { "runs/log-metric", """{"key":"m","value":"NaN","timestamp":9,"step":3}""" },
        { "runs/log-parameter", """{"key":"p","value":"1"}""" },
        { "runs/set-tag", """{"key":"t","value":"1"}""" },
        { "runs/set-tag", """{"key":"mlflow.runName","value":"renamed"}""" },
        { "runs/log-batch", """{"metrics":[{"key":"m","value":1,"timestamp":1},{"key":"m","value":"NaN","timestamp":2}],"params":[{"key":"p","value":"1"}],"tags":[{"key":"t","value":"1"}]}""" },
        { "runs/log-inputs", """{"datasets":[{"tags":[{"key":"a","value":"b"}],"dataset":{"name":"n","digest":"d","source_type":"t","source":"s"}}],"models":[{"model_id":"m-1"}]}""" },
        { "runs/outputs", """{"models":[{"model_id":"m-1","step":3}]}""" },
        { "runs/log-model", """{"model_json":"{\"artifact_path\":\"a\",\"flavors\":{},\"run_id\":\"r\",\"utc_time_created\":\"t\"}"}""" },
        { "runs/update", """{"status":"FINISHED","end_time":5,"run_name":"done"}""" },
        { "runs/delete", "{}" },
        { "runs/restore", "{}" },
        { "experiments/update", """{"new_name":"renamed"}""" },
        { "experiments/set-experiment-tag", """{"key":"k","value":"v"}""" },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Saying_it_twice_changes_nothing_more(string path, string body)
    {
        var experiment = await api.CreateExperimentAsync();
        var run = await api.CreateRunAsync(experiment);
        var given = (JsonObject)JsonNode.Parse(body)!;
        given[path.StartsWith("runs/", StringComparison.Ordinal) ? "run_id" : "experiment_id"] = path.StartsWith("runs/", StringComparison.Ordinal) ? run : experiment;
        if (path == "experiments/update")
        {
            given["new_name"] = "renamed " + experiment;
        }
        (await api.PostJsonAsync(path, given.ToJsonString())).Ok();
        var once = await StateAsync(experiment, run);

        (await api.PostJsonAsync(path, given.ToJsonString())).Ok();

        Assert.Equal(once, await StateAsync(experiment, run));
    }

    [Fact]
    public async Task What_says_that_it_is_done_already_leaves_it_done()
    {
        var experiment = await api.CreateExperimentAsync();
        var run = await api.CreateRunAsync(experiment);
        (await api.PostAsync("runs/set-tag", new { run_id = run, key = "t", value = "v" })).Ok();
        (await api.PostAsync("experiments/set-experiment-tag", new { experiment_id = experiment, key = "t", value = "v" })).Ok();
        foreach (var (path, body, status) in (IEnumerable<(string, object, int)>)[
            ("runs/delete-tag", new { run_id = run, key = "t" }, 404), ("experiments/delete-experiment-tag", new { experiment_id = experiment, key = "t" }, 404),
            ("experiments/delete", new { experiment_id = experiment }, 404), ("experiments/restore", new { experiment_id = experiment }, 404)])
        {
            (await api.PostAsync(path, body)).Ok();
            var once = await StateAsync(experiment, run);

            Assert.Equal(status, (await api.PostAsync(path, body)).Status);
            Assert.Equal(once, await StateAsync(experiment, run));
        }
    }

    // All but the time of the last change of an experiment, which a repeated change may move.
    private async Task<string> StateAsync(string experiment, string run)
    {
        var found = (await api.GetAsync("experiments/get", ("experiment_id", experiment))).Ok()["experiment"]!;
        found.AsObject().Remove("last_update_time");
        return string.Join('\n', found.ToJsonString(), (await api.GetRunAsync(run)).ToJsonString(), (await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "m"))).Text);
    }
}
