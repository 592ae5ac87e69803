using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Mlflow;

public abstract class RunTests(StoreHost host)
{
    private readonly Api api = host.Api;

    public static TheoryData<string> Writes =>
        ["runs/update", "runs/delete", "runs/restore", "runs/log-metric", "runs/log-parameter", "runs/set-tag", "runs/delete-tag", "runs/log-batch", "runs/log-model", "runs/log-inputs"];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_run_that_does_not_exist_is_not_found(string path)
    {
        const string Model = "{\"artifact_path\":\"a\",\"flavors\":{},\"run_id\":\"r\",\"utc_time_created\":\"t\"}";
        foreach (var id in (string[])["00000000010000000000000000000000", "7", "ABCDEF", "m-1_2", "fffffffffffffffffffffffffffffffe", "0123456789abcdef0123456789abcdef0"])
        {
            var answer = await api.PostAsync(path, new { run_id = id, key = "k", value = "1", timestamp = 1, model_json = Model });

            answer.Fails(404, "RESOURCE_DOES_NOT_EXIST", $"Run with id={id} not found");
        }
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_run_must_be_named(string path) =>
        (await api.PostAsync(path, new { key = "k", value = "1", timestamp = 1, model_json = "{}" })).Fails(400, "INVALID_PARAMETER_VALUE",
            "Missing value for required parameter 'run_id'. See the API docs for more information about request parameters.");

    [Theory]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData("-a")]
    [InlineData("a#b")]
    [InlineData("a\u0000")]
    [InlineData("é")]
    public async Task What_is_no_run_id_is_refused(string id)
    {
        (await api.GetAsync("runs/get", ("run_id", id))).Fails(400, "INVALID_PARAMETER_VALUE", $"Invalid run ID: '{id}'");
        (await api.GetAsync("metrics/get-history", ("run_id", id), ("metric_key", "m"))).Fails(400, "INVALID_PARAMETER_VALUE", $"Invalid run ID: '{id}'");
    }

    [Fact]
    public async Task A_run_id_has_up_to_256_characters()
    {
        (await api.GetAsync("runs/get", ("run_id", new string('a', 256)))).Fails(404, "RESOURCE_DOES_NOT_EXIST", $"Run with id={new string('a', 256)} not found");
        (await api.GetAsync("runs/get", ("run_id", new string('a', 257)))).Fails(400, "INVALID_PARAMETER_VALUE", $"Invalid run ID: '{new string('a', 257)}'");
    }

    [Fact]
    public async Task A_deleted_run_takes_no_writes_but_answers_reads()
    {
        var run = await api.CreateRunAsync("0");
        (await api.PostAsync("runs/delete", new { run_id = run })).Ok();
        var message = $"The run {run} must be in the 'active' state. Current state is deleted.";

        foreach (var (path, body) in (IEnumerable<(string, object)>)[
            ("runs/log-metric", new { run_id = run, key = "m", value = 1, timestamp = 1 }), ("runs/log-parameter", new { run_id = run, key = "p", value = "1" }),
            ("runs/set-tag", new { run_id = run, key = "t", value = "1" }), ("runs/delete-tag", new { run_id = run, key = "t" }),
            ("runs/log-batch", new { run_id = run, metrics = new[] { new { key = "m", value = 1, timestamp = 1 } } }), ("runs/update", new { run_id = run, status = "FAILED" }),
            ("runs/log-inputs", new { run_id = run, models = new[] { new { model_id = "m-1" } } })])
        {
            (await api.PostAsync(path, body)).Fails(400, "INVALID_PARAMETER_VALUE", message);
        }
        var found = await api.GetRunAsync(run);
        Assert.Equal("deleted", found["info"]!["lifecycle_stage"]!.ToString());
        Assert.Null(found["data"]!["params"]);
    }

    [Theory]
    [InlineData("DONE")]
    [InlineData("running")]
    [InlineData("3")]
    public async Task An_unknown_status_is_refused(string status) =>
        (await api.PostAsync("runs/update", new { run_id = await api.CreateRunAsync("0"), status })).Fails(400, "INVALID_PARAMETER_VALUE", $"Invalid value \"{status}\" for parameter 'status' supplied.");

    [Theory]
    [InlineData("SCHEDULED")]
    [InlineData("FAILED")]
    [InlineData("KILLED")]
    [InlineData("RUNNING")]
    public async Task A_run_takes_each_status(string status)
    {
        var run = await api.CreateRunAsync("0");

        (await api.PostAsync("runs/update", new { run_id = run, status })).Ok();

        Assert.Equal(status, (await api.GetRunAsync(run))["info"]!["status"]!.ToString());
    }

    [Fact]
    public async Task The_name_and_its_tag_are_one_thing()
    {
        var run = await api.CreateRunAsync("0", new { tags = new[] { new { key = "mlflow.runName", value = "by tag" } } });
        Assert.Equal("by tag by tag", await NamesAsync(run));

        (await api.PostAsync("runs/update", new { run_id = run, run_name = "by update" })).Ok();
        Assert.Equal("by update by update", await NamesAsync(run));

        (await api.PostAsync("runs/set-tag", new { run_id = run, key = "mlflow.runName", value = "by set-tag" })).Ok();
        Assert.Equal("by set-tag by set-tag", await NamesAsync(run));

        (await api.PostAsync("runs/log-batch", new { run_id = run, tags = new[] { new { key = "mlflow.runName", value = "by batch" } } })).Ok();
        Assert.Equal("by batch by batch", await NamesAsync(run));
    }

    [Fact]
    public async Task Two_names_that_differ_are_refused() =>
        (await api.PostAsync("runs/create", new { experiment_id = "0", run_name = "a", tags = new[] { new { key = "mlflow.runName", value = "b" } } })).Fails(400, "INVALID_PARAMETER_VALUE",
            "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='a', mlflow.runName='b').");

    [Fact]
    public async Task The_name_cannot_be_deleted() =>
        (await api.PostAsync("runs/delete-tag", new { run_id = await api.CreateRunAsync("0"), key = "mlflow.runName" })).Fails(400, "INVALID_PARAMETER_VALUE",
            "Tag 'mlflow.runName' is the run's name: it can be set, but not deleted.");

    [Fact]
    public async Task A_run_without_a_name_gets_one() =>
        Assert.Matches("^[a-z]+-[a-z]+-[0-9]{1,3}$", (await api.GetRunAsync(await api.CreateRunAsync("0")))["info"]!["run_name"]!.ToString());

    [Fact]
    public async Task A_key_makes_creation_repeatable()
    {
        var experiment = await api.CreateExperimentAsync();
        var body = $"{{\"experiment_id\":\"{experiment}\",\"start_time\":7}}";

        var first = await api.PostJsonAsync("runs/create", body, ("Idempotency-Key", "job 7"));
        var again = await api.PostJsonAsync("runs/create", body, ("Idempotency-Key", "job 7"));
        var other = await api.PostJsonAsync("runs/create", body, ("Idempotency-Key", "job 8"));

        Assert.True(JsonNode.DeepEquals(first.Ok(), again.Ok()), again.Text);
        Assert.NotEqual(first.Json["run"]!["info"]!["run_id"]!.ToString(), other.Ok()["run"]!["info"]!["run_id"]!.ToString());
        Assert.Equal(2, (await api.PostAsync("runs/search", new { experiment_ids = new[] { experiment } })).Ok()["runs"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("-62135596800001")]
    [InlineData("253402300800000")]
    [InlineData("9223372036854775807")]
    public async Task A_time_outside_the_calendar_is_refused(string time) =>
        (await api.PostJsonAsync("runs/create", $"{{\"experiment_id\":\"0\",\"start_time\":{time}}}")).Fails(400, "INVALID_PARAMETER_VALUE",
            $"Invalid value {time} for parameter 'start_time' supplied: It is no time in Unix milliseconds.");

    [Fact]
    public async Task Dataset_fields_have_their_limits()
    {
        var run = await api.CreateRunAsync("0");
        foreach (var (field, length) in (IEnumerable<(string, int)>)[("name", 500), ("digest", 36), ("source_type", 500), ("source", 65_535), ("schema", 1_048_575)])
        {
            (await LogDatasetAsync(run, field, new string('x', length))).Ok();
            (await LogDatasetAsync(run, field, new string('x', length + 1))).Fails(400, "INVALID_PARAMETER_VALUE", $"'datasets[0].dataset.{field}' exceeds the maximum length of {length} characters");
        }
        foreach (var field in (string[])["name", "digest", "source_type", "source"])
        {
            (await LogDatasetAsync(run, field, "")).Fails(400, "INVALID_PARAMETER_VALUE", $"Missing value for required parameter 'datasets[0].dataset.{field}'. See the API docs for more information about request parameters.");
        }
    }

    [Fact]
    public async Task A_large_profile_comes_back_whole()
    {
        var run = await api.CreateRunAsync("0");
        var profile = string.Concat(Enumerable.Range(0, 400_000).Select(static i => (char)('a' + (i % 26))));

        (await LogDatasetAsync(run, "profile", profile)).Ok();
        (await LogDatasetAsync(run, "profile", profile)).Ok();

        var inputs = (await api.GetRunAsync(run))["inputs"]!["dataset_inputs"]!.AsArray();
        Assert.Equal(profile, Assert.Single(inputs)!["dataset"]!["profile"]!.ToString());
    }

    [Theory]
    [InlineData("nonsense", "Malformed model info. \n nonsense \n could not be parsed as a JSON object.")]
    [InlineData("[]", "Malformed model info. \n [] \n could not be parsed as a JSON object.")]
    [InlineData("{\"flavors\":{}}", "Model json is missing mandatory fields: artifact_path, run_id, utc_time_created")]
    public async Task A_malformed_model_is_refused(string model, string message) =>
        (await api.PostAsync("runs/log-model", new { run_id = await api.CreateRunAsync("0"), model_json = model })).Fails(400, "INVALID_PARAMETER_VALUE", message);

    [Theory]
    [InlineData("{\"artifact_path\":\"a\",\"artifact_path\":\"b\",\"flavors\":{},\"run_id\":\"r\",\"utc_time_created\":\"t\"}")]
    [InlineData("{\"artifact_path\":\"a\",\"flavors\":{\"x\":{\"y\":1,\"y\":2}},\"run_id\":\"r\",\"utc_time_created\":\"t\"}")]
    [InlineData("{\"artifact_path\":\"\\ud800\",\"flavors\":{},\"run_id\":\"r\",\"utc_time_created\":\"t\"}")]
    [InlineData("{\"artifact_path\":\"a\",\"flavors\":{\"\\udc00\":1},\"run_id\":\"r\",\"utc_time_created\":\"t\"}")]
    [InlineData("{\"\\ud800\":1}")]
    public async Task A_model_that_names_a_member_twice_or_has_half_a_character_is_refused(string model)
    {
        var run = await api.CreateRunAsync("0");
        (await api.PostAsync("runs/log-model", new { run_id = run, model_json = """{"artifact_path":"a","flavors":{},"run_id":"r","utc_time_created":"t"}""" })).Ok();

        (await api.PostAsync("runs/log-model", new { run_id = run, model_json = model })).FailsNaming(400, "INVALID_PARAMETER_VALUE", "could not be parsed as a JSON object.");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[{\"a\":1,\"a\":2}]")]
    public async Task A_history_that_is_no_list_is_not_written_over(string history)
    {
        var run = await api.CreateRunAsync("0");
        (await api.PostAsync("runs/set-tag", new { run_id = run, key = "mlflow.log-model.history", value = history })).Ok();

        (await api.PostAsync("runs/log-model", new { run_id = run, model_json = """{"artifact_path":"a","flavors":{},"run_id":"r","utc_time_created":"t"}""" })).FailsNaming(400, "INVALID_PARAMETER_VALUE", "holds no JSON list");
    }

    private Task<Answer> LogDatasetAsync(string run, string field, string value)
    {
        var dataset = new JsonObject { ["name"] = "n", ["digest"] = "d", ["source_type"] = "t", ["source"] = "s" };
        dataset[field] = value;
        return api.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset } } });
    }

    private async Task<string> NamesAsync(string run)
    {
        var found = await api.GetRunAsync(run);
        return $"{found["info"]!["run_name"]} {found["data"]!["tags"]!.AsArray().Single(static tag => tag!["key"]!.ToString() == "mlflow.runName")!["value"]}";
    }
}

public sealed class RunTestsOnKestrel(KestrelHost host) : RunTests(host), IClassFixture<KestrelHost>;

public sealed class RunTestsOnFunctions(FunctionsHost host) : RunTests(host), IClassFixture<FunctionsHost>;
