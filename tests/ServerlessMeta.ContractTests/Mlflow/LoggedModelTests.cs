using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Mlflow;

public abstract class LoggedModelTests(StoreHost host)
{
    private readonly Api api = host.Api;

    [Fact]
    public async Task A_flavors_log_model_goes_through_call_by_call()
    {
        var experiment = await api.CreateExperimentAsync();
        var run = await api.CreateRunAsync(experiment);
        (await api.PostAsync("runs/log-batch", new { run_id = run, metrics = new object[] { new { key = "acc", value = 0.9, timestamp = 5, step = 0 }, new { key = "acc", value = 0.95, timestamp = 6, step = 1 }, new { key = "loss", value = "NaN", timestamp = 5, step = 0 } } })).Ok();

        Assert.Equal($"mlflow-artifacts:/{experiment}/{run}/artifacts", (await api.GetRunAsync(run))["info"]!["artifact_uri"]!.ToString());
        var parameters = Enumerable.Range(0, 250).Select(static i => new { key = $"p{i}", value = $"{i}" }).ToArray();
        var model = (await api.PostAsync("logged-models", new
        {
            experiment_id = experiment,
            name = "model",
            model_type = "",
            source_run_id = run,
            @params = parameters[..100],
            tags = new[] { new { key = "mlflow.user", value = "ada" }, new { key = "mlflow.source.type", value = "LOCAL" } },
        })).Ok()["model"]!["info"]!["model_id"]!.ToString();
        foreach (var more in parameters[100..].Chunk(100))
        {
            (await api.PostAsync($"logged-models/{model}/params", new { model_id = model, @params = more })).Ok();
        }
        var pending = (await api.GetAsync($"logged-models/{model}")).Ok()["model"]!;
        Assert.Equal($"mlflow-artifacts:/{experiment}/models/{model}/artifacts", pending["info"]!["artifact_uri"]!.ToString());
        Assert.Equal("LOGGED_MODEL_PENDING 250", $"{pending["info"]!["status"]} {pending["data"]!["params"]!.AsArray().Count}");

        (await api.PostAsync("runs/outputs", new { run_id = run, models = new[] { new { model_id = model, step = 0 } } })).Ok();
        var copies = new JsonArray();
        foreach (var key in (await api.GetRunAsync(run))["data"]!["metrics"]!.AsArray().Select(static metric => metric!["key"]!.ToString()))
        {
            foreach (var point in (await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", key), ("max_results", "25000"))).Ok()["metrics"]!.AsArray().Where(static point => point!["step"]!.GetValue<int>() == 0))
            {
                var copy = (JsonObject)point!.DeepClone();
                (copy["run_id"], copy["model_id"]) = (run, model);
                copies.Add(copy);
            }
        }
        (await api.PostJsonAsync("runs/log-batch", new JsonObject { ["run_id"] = run, ["metrics"] = copies }.ToJsonString())).Ok();
        (await api.PatchAsync($"logged-models/{model}/tags", new { model_id = model, tags = new[] { new { key = "mlflow.model.flavor", value = "sklearn" } } })).Ok();
        var ready = (await api.PatchAsync($"logged-models/{model}", new { model_id = model, status = "LOGGED_MODEL_READY" })).Ok()["model"]!;

        Assert.Equal("LOGGED_MODEL_READY", ready["info"]!["status"]!.ToString());
        Assert.Equal(["acc 0.9 0", "loss NaN 0"], ready["data"]!["metrics"]!.AsArray().Select(static metric => $"{metric!["key"]} {metric["value"]} {metric["step"]}"));
        Assert.All(ready["data"]!["metrics"]!.AsArray(), metric => Assert.Equal($"{model} {run}", $"{metric!["model_id"]} {metric["run_id"]}"));
        Assert.Equal(3, ready["info"]!["tags"]!.AsArray().Count);
        var found = (await api.PostAsync("logged-models/search", new { experiment_ids = new[] { experiment }, filter = $"source_run_id = '{run}' AND status = 'READY' AND metrics.acc > 0.8", order_by = new[] { new { field_name = "metrics.acc", ascending = false } } })).Ok();
        Assert.True(JsonNode.DeepEquals(ready, Assert.Single(found["models"]!.AsArray())));
        var after = await api.GetRunAsync(run);
        Assert.Equal(model, after["outputs"]!["model_outputs"]![0]!["model_id"]!.ToString());
        Assert.Equal(2, (await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "acc"))).Ok()["metrics"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_model_id_of_any_length_is_answered_shortly() =>
        Assert.InRange((await api.PostAsync("runs/log-metric", new { run_id = await api.CreateRunAsync("0"), key = "m", value = 1, timestamp = 1, model_id = new string('x', 1_000_000) })).Text.Length, 1, 1000);

    [Theory]
    [InlineData(100, 200)]
    [InlineData(101, 400)]
    public async Task A_search_takes_up_to_a_hundred_experiments(int count, int status) =>
        Assert.Equal(status, (await api.PostAsync("logged-models/search", new { experiment_ids = Enumerable.Range(0, count).Select(static i => $"{900_000 + i}") })).Status);

    [Fact]
    public async Task A_training_is_not_refused_for_the_number_of_its_models_metrics()
    {
        var (run, model) = (await api.CreateRunAsync("0"), await CreateModelAsync("0"));
        for (var batch = 0; batch < 2; batch++)
        {
            (await api.PostAsync("runs/log-batch", new
            {
                run_id = run,
                metrics = Enumerable.Range(batch * 500, 500).Select(i => new { key = $"{i:d4}{new string('k', 240)}", value = 1, timestamp = 1, step = 0, model_id = model }),
            })).Ok();
        }

        Assert.Equal(1000, (await api.GetRunAsync(run))["data"]!["metrics"]!.AsArray().Count);
        Assert.InRange((await api.GetAsync($"logged-models/{model}")).Ok()["model"]!["data"]!["metrics"]!.AsArray().Count, 400, 999);
    }

    [Theory]
    [InlineData("name", 500, null)]
    [InlineData("model_type", 500, null)]
    [InlineData("source_run_id", 256, null)]
    [InlineData("params[0].key", 250, "p")]
    [InlineData("tags[0].key", 250, "t")]
    public async Task A_text_has_a_length(string path, int length, string? list)
    {
        var experiment = await api.CreateExperimentAsync();

        (await CreateAsync(new string('x', length))).Ok();
        (await CreateAsync(new string('x', length + 1))).Fails(400, "INVALID_PARAMETER_VALUE", $"'{path}' exceeds the maximum length of {length} characters");

        Task<Answer> CreateAsync(string text) => list is null
            ? api.PostJsonAsync("logged-models", new JsonObject { ["experiment_id"] = experiment, [path] = text }.ToJsonString())
            : api.PostJsonAsync("logged-models", new JsonObject { ["experiment_id"] = experiment, [path[..path.IndexOf('[', StringComparison.Ordinal)]] = new JsonArray(new JsonObject { ["key"] = text, ["value"] = "v" }) }.ToJsonString());
    }

    [Theory]
    [InlineData("dataset_name", 500)]
    [InlineData("dataset_digest", 36)]
    public async Task A_dataset_has_a_length(string field, int length)
    {
        var (run, model) = (await api.CreateRunAsync("0"), await CreateModelAsync("0"));
        foreach (var (size, status) in (IEnumerable<(int, int)>)[(length, 200), (length + 1, 400)])
        {
            var point = new JsonObject { ["run_id"] = run, ["key"] = "m", ["value"] = 1, ["timestamp"] = size, ["model_id"] = model, ["dataset_name"] = "d", [field] = new string('x', size) };
            Assert.Equal(status, (await api.PostJsonAsync("runs/log-metric", point.ToJsonString())).Status);
            Assert.Equal(status, (await api.PostAsync("logged-models/search", new { experiment_ids = new[] { "0" }, datasets = new[] { new JsonObject { ["dataset_name"] = "d", [field] = new string('x', size) } } })).Status);
        }
    }

    [Fact]
    public async Task Long_values_are_cut_as_those_of_a_run_are()
    {
        var model = (await api.PostAsync("logged-models", new
        {
            experiment_id = "0",
            @params = new[] { new { key = "p", value = new string('p', 6001) } },
            tags = new[] { new { key = "t", value = new string('t', 8001) } },
        })).Ok()["model"]!;

        Assert.Equal("6000 8000", $"{model["data"]!["params"]![0]!["value"]!.ToString().Length} {model["info"]!["tags"]![0]!["value"]!.ToString().Length}");
        Assert.Matches("^[a-z]+-[a-z]+-[0-9]+$", model["info"]!["name"]!.ToString());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a.b")]
    [InlineData("a%b")]
    [InlineData("a\"b")]
    [InlineData("a'b")]
    public async Task A_name_has_no_characters_of_a_path(string name) =>
        (await api.PostAsync("logged-models", new { experiment_id = "0", name })).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Model name must be a non-empty string and cannot contain the following characters");

    [Theory]
    [InlineData("\"LOGGED_MODEL_READY\"", "LOGGED_MODEL_READY")]
    [InlineData("\"LOGGED_MODEL_PENDING\"", "LOGGED_MODEL_PENDING")]
    [InlineData("3", "LOGGED_MODEL_UPLOAD_FAILED")]
    [InlineData("\"READY\"", null)]
    [InlineData("\"LOGGED_MODEL_STATUS_UNSPECIFIED\"", null)]
    [InlineData("0", null)]
    [InlineData("true", null)]
    public async Task A_status_is_one_of_three(string status, string? answered)
    {
        var answer = await api.SendJsonAsync(HttpMethod.Patch, $"logged-models/{await CreateModelAsync("0")}", $"{{\"status\":{status}}}");

        if (answered is null)
        {
            answer.FailsNaming(400, "INVALID_PARAMETER_VALUE", "for parameter 'status' supplied.");
        }
        else
        {
            Assert.Equal(answered, answer.Ok()["model"]!["info"]!["status"]!.ToString());
        }
    }

    [Fact]
    public async Task Nothing_is_created_in_a_missing_or_deleted_experiment()
    {
        var experiment = await api.CreateExperimentAsync();
        var model = await CreateModelAsync(experiment);
        (await api.PostAsync("experiments/delete", new { experiment_id = experiment })).Ok();

        (await api.PostAsync("logged-models", new { experiment_id = "987654321" })).Fails(404, "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=987654321 exists");
        (await api.PostAsync("logged-models", new { experiment_id = experiment })).Fails(400, "INVALID_PARAMETER_VALUE", $"The experiment {experiment} must be in the 'active' state. Current state is deleted.");
        (await api.GetAsync($"logged-models/{model}")).Fails(404, "RESOURCE_DOES_NOT_EXIST", $"Logged model with ID '{model}' not found.");
        (await api.GetAsync($"logged-models/{model}", ("allow_deleted", "true"))).Ok();
    }

    [Fact]
    public async Task A_point_of_a_model_that_is_not_there_is_no_point_of_its_run_either()
    {
        var run = await api.CreateRunAsync("0");
        foreach (var model in (string[])["m-0123456789abcdef0123456789abcdef", "nothing", new string('x', 10_000)])
        {
            (await api.PostAsync("runs/log-metric", new { run_id = run, key = "m", value = 1, timestamp = 1, model_id = model })).FailsNaming(404, "RESOURCE_DOES_NOT_EXIST", "not found.");
            (await api.PostAsync("runs/log-batch", new { run_id = run, metrics = new[] { new { key = "m", value = 1, timestamp = 1, model_id = model } }, tags = new[] { new { key = "t", value = "v" } } })).FailsNaming(404, "RESOURCE_DOES_NOT_EXIST", "not found.");
        }

        var data = (await api.GetRunAsync(run))["data"]!;
        Assert.Null(data["metrics"]);
        Assert.Single(data["tags"]!.AsArray());
    }

    [Fact]
    public async Task A_batch_may_name_many_models()
    {
        var run = await api.CreateRunAsync("0");
        var models = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CreateModelAsync("0")));

        (await api.PostAsync("runs/log-batch", new { run_id = run, metrics = models.Select(static (model, i) => new { key = "m", value = i, timestamp = i, model_id = model }) })).Ok();

        for (var i = 0; i < models.Length; i++)
        {
            Assert.Equal(i, Assert.Single((await api.GetAsync($"logged-models/{models[i]}")).Ok()["model"]!["data"]!["metrics"]!.AsArray())!["value"]!.GetValue<int>());
        }
        Assert.Equal(20, (await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "m"))).Ok()["metrics"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_point_with_a_model_costs_three_operations_and_without_one_still_one()
    {
        var (run, model) = (await api.CreateRunAsync("0"), await CreateModelAsync("0"));

        Assert.Equal(3, (await api.PostAsync("runs/log-metric", new { run_id = run, key = "m", value = 1, timestamp = 1, model_id = model })).Operations);
        Assert.Equal(1, (await api.PostAsync("runs/log-metric", new { run_id = run, key = "m", value = 1, timestamp = 2, model_id = "" })).Operations);
    }

    [Theory]
    [InlineData("PATCH", "", "{\"status\":\"LOGGED_MODEL_READY\"}", 200)]
    [InlineData("PATCH", "/tags", "{\"tags\":[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\"}]}", 200)]
    [InlineData("POST", "/params", "{\"params\":[{\"key\":\"a\",\"value\":\"1\"}]}", 200)]
    [InlineData("DELETE", "/tags/t", null, 404)]
    [InlineData("DELETE", "", null, 200)]
    public async Task Saying_it_twice_changes_nothing_more(string method, string path, string? body, int again)
    {
        var model = (await api.PostAsync("logged-models", new { experiment_id = "0", tags = new[] { new { key = "t", value = "v" } } })).Ok()["model"]!["info"]!["model_id"]!.ToString();
        (await api.SendJsonAsync(new HttpMethod(method), $"logged-models/{model}{path}", body)).Ok();
        var once = (await api.GetAsync($"logged-models/{model}", ("allow_deleted", "true"))).Text;

        Assert.Equal(again, (await api.SendJsonAsync(new HttpMethod(method), $"logged-models/{model}{path}", body)).Status);
        Assert.Equal(once, (await api.GetAsync($"logged-models/{model}", ("allow_deleted", "true"))).Text);
    }

    [Fact]
    public async Task Creating_with_an_idempotency_key_may_be_repeated()
    {
        var body = new JsonObject { ["experiment_id"] = await api.CreateExperimentAsync(), ["name"] = "once" }.ToJsonString();

        var first = (await api.PostJsonAsync("logged-models", body, ("Idempotency-Key", "k"))).Ok().ToJsonString();

        Assert.Equal(first, (await api.PostJsonAsync("logged-models", body, ("Idempotency-Key", "k"))).Ok().ToJsonString());
        Assert.NotEqual(first, (await api.PostJsonAsync("logged-models", body)).Ok().ToJsonString());
        (await api.PostJsonAsync("logged-models", body, ("Idempotency-Key", new string('k', 256)))).Fails(400, "INVALID_PARAMETER_VALUE", "'Idempotency-Key' exceeds the maximum length of 255 characters");
    }

    [Fact]
    public async Task The_same_param_twice_in_a_call_is_refused() =>
        (await api.PostAsync($"logged-models/{await CreateModelAsync("0")}/params", new { @params = new[] { new { key = "p", value = "1" }, new { key = "p", value = "1" } } })).Fails(400, "INVALID_PARAMETER_VALUE",
            "Duplicate parameter keys have been submitted: ['p']. Please ensure the request contains only one param value per param key.");

    [Fact]
    public async Task A_model_takes_so_many_bytes_of_params_and_tags()
    {
        var model = await CreateModelAsync("0");
        var last = 200;
        for (var i = 0; last == 200 && i < 60; i++)
        {
            var answer = await api.PatchAsync($"logged-models/{model}/tags", new { tags = new[] { new { key = $"t{i}", value = new string('v', 8000) } } });
            last = answer.Status;
            Assert.Contains(last == 200 ? "{}" : "A logged model takes up to 262144 bytes of params and tags.", answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal(400, last);
        Assert.Equal(32, (await api.GetAsync($"logged-models/{model}")).Ok()["model"]!["info"]!["tags"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("name = 'a'", "a")]
    [InlineData("name LIKE '_' AND attributes.name != 'a'", "b c")]
    [InlineData("model_type = 'x' OR NOT metrics.m <= 2", "a c")]
    [InlineData("metrics.m >= 2", "b")]
    [InlineData("metrics.`m` != 2", "a")]
    [InlineData("params.lr < 0.2", "a")]
    [InlineData("params.lr = '0.5' AND tags.team ILIKE 'BLUE'", "b")]
    [InlineData("status IN ('READY', 'UPLOAD_FAILED')", "b")]
    [InlineData("status = 'LOGGED_MODEL_READY'", "b")]
    [InlineData("status != 'LOGGED_MODEL_READY' AND status NOT IN ('LOGGED_MODEL_UPLOAD_FAILED')", "a c")]
    [InlineData("creation_timestamp > 0 AND creation_time < 9999999999999 AND last_updated_timestamp > 0", "a b c")]
    [InlineData("source_run_id = 'r1'", "a")]
    [InlineData("", "a b c")]
    public async Task A_filter_finds(string filter, string names) => Assert.Equal(names, await FindAsync(new { experiment_ids = new[] { await MakeAsync(), "987654", "no id" }, filter, order_by = new[] { new { field_name = "name" } } }));

    [Theory]
    [InlineData("metrics.m", null, "a b c")]
    [InlineData("metrics.m", false, "b a c")]
    [InlineData("metrics.n", true, "b a c")]
    [InlineData("metrics.n", false, "b a c")]
    [InlineData("name", false, "c b a")]
    [InlineData("model_type", true, "a c b")]
    [InlineData("creation_timestamp", true, "a b c")]
    [InlineData("last_updated_timestamp", false, "b c a")]
    public async Task An_order_puts_nan_late_and_missing_last(string field, bool? ascending, string names) =>
        Assert.Equal(names, await FindAsync(new { experiment_ids = new[] { await MakeAsync() }, order_by = new object[] { new { field_name = field, ascending } } }));

    [Fact]
    public async Task Without_an_order_the_newest_comes_first() => Assert.Equal("c b a", await FindAsync(new { experiment_ids = new[] { await MakeAsync() } }));

    [Theory]
    [InlineData("\"filter\":\"metrics.m > 'x'\"")]
    [InlineData("\"filter\":\"nothing = 'x'\"")]
    [InlineData("\"filter\":\"datasets.name = 'x'\"")]
    [InlineData("\"order_by\":[{}]")]
    [InlineData("\"order_by\":[{\"field_name\":\"nothing\"}]")]
    [InlineData("\"order_by\":[{\"field_name\":\"tags.t\"}]")]
    [InlineData("\"order_by\":[{\"field_name\":\"name\",\"ascending\":\"yes\"}]")]
    [InlineData("\"order_by\":[{\"field_name\":\"metrics.m\",\"dataset_digest\":\"d\"}]")]
    [InlineData("\"order_by\":[\"name\"]")]
    [InlineData("\"datasets\":[{\"dataset_digest\":\"d\"}]")]
    [InlineData("\"max_results\":0")]
    [InlineData("\"max_results\":50001")]
    [InlineData("\"page_token\":\"!!\"")]
    [InlineData("\"experiment_ids\":[]")]
    public async Task A_bad_search_is_refused(string field)
    {
        var answer = await api.PostJsonAsync("logged-models/search", $"{{\"experiment_ids\":[\"0\"],{field}}}");

        Assert.Equal("400 INVALID_PARAMETER_VALUE", $"{answer.Status} {answer.Json["error_code"]}");
    }

    [Fact]
    public async Task Pages_give_the_whole_once()
    {
        var experiment = await MakeAsync();
        var names = new List<string>();
        string? token = null;
        do
        {
            var page = (await api.PostAsync("logged-models/search", new { experiment_ids = new[] { experiment }, max_results = 1, order_by = new[] { new { field_name = "metrics.n" } }, page_token = token })).Ok();
            names.Add(page["models"]![0]!["info"]!["name"]!.ToString());
            token = page["next_page_token"]?.ToString();
        }
        while (token is not null);

        Assert.Equal(["b", "a", "c"], names);
    }

    private async Task<string> FindAsync(object query) =>
        string.Join(' ', (await api.PostAsync("logged-models/search", query)).Ok()["models"]?.AsArray().Select(static model => model!["info"]!["name"]!.ToString()) ?? []);

    // a: m 1, n NaN, lr 0.1, run r1; b: m 2, n 3, lr 0.5, ready, blue; c: nothing but a type.
    private async Task<string> MakeAsync()
    {
        var experiment = await api.CreateExperimentAsync();
        var run = await api.CreateRunAsync(experiment);
        var models = new List<string>();
        foreach (var body in (object[])[
            new { experiment_id = experiment, name = "a", source_run_id = "r1", model_type = "x", @params = new[] { new { key = "lr", value = "0.1" } } },
            new { experiment_id = experiment, name = "b", @params = new[] { new { key = "lr", value = "0.5" } }, tags = new[] { new { key = "team", value = "Blue" } } },
            new { experiment_id = experiment, name = "c", model_type = "y" }])
        {
            models.Add((await api.PostAsync("logged-models", body)).Ok()["model"]!["info"]!["model_id"]!.ToString());
            await Task.Delay(3, TestContext.Current.CancellationToken);
        }
        (await api.PatchAsync($"logged-models/{models[1]}", new { status = "LOGGED_MODEL_READY" })).Ok();
        (await api.PostAsync("runs/log-batch", new
        {
            run_id = run,
            metrics = new object[]
            {
                new { key = "m", value = 1, timestamp = 1, model_id = models[0] }, new { key = "n", value = "NaN", timestamp = 1, model_id = models[0] },
                new { key = "m", value = 0, timestamp = 1, model_id = models[1] }, new { key = "m", value = 2, timestamp = 2, model_id = models[1] }, new { key = "n", value = 3, timestamp = 1, model_id = models[1] },
            },
        })).Ok();
        return experiment;
    }

    private async Task<string> CreateModelAsync(string experiment) => (await api.PostAsync("logged-models", new { experiment_id = experiment })).Ok()["model"]!["info"]!["model_id"]!.ToString();
}

public sealed class LoggedModelTestsOnKestrel(KestrelHost host) : LoggedModelTests(host), IClassFixture<KestrelHost>;

public sealed class LoggedModelTestsOnFunctions(FunctionsHost host) : LoggedModelTests(host), IClassFixture<FunctionsHost>;
