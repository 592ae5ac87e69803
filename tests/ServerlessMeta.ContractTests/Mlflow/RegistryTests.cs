using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Artifacts;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Mlflow;

/// <summary>The registry's limits, each at N and N + 1, and what clients call one after the other.</summary>
public abstract class RegistryTests(StoreHost host)
{
    private const string Invalid = "INVALID_PARAMETER_VALUE";
    private const string Prompt = "tag.`mlflow.prompt.is_prompt` != 'true'";
    private readonly Api api = host.Api;

    public static TheoryData<string, int, int> Lengths => new()
    {
        { "name", 256, 200 }, { "name", 257, 400 },
        { "tag key", 250, 200 }, { "tag key", 251, 400 },
        { "tag value", 100_000, 200 }, { "tag value", 100_001, 400 },
        { "version tag key", 250, 200 }, { "version tag key", 251, 400 },
        { "version tag value", 100_000, 200 }, { "version tag value", 100_001, 400 },
        { "alias", 255, 200 }, { "alias", 256, 400 },
        { "source", 4096, 200 }, { "source", 4097, 400 },
        { "description", 20_000, 200 }, { "description", 20_001, 400 },
        { "large tags", 50, 200 }, { "large tags", 51, 400 },
    };

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task A_text_may_be_so_long_and_no_longer(string what, int length, int status)
    {
        var (name, text) = (await CreateAsync(), new string('a', length));
        await AddAsync(name);

        var answer = what switch
        {
            "name" => await api.PostAsync("registered-models/create", new { name = string.Concat(name.AsSpan(0, 20), text.AsSpan(20)) }),
            "tag key" => await api.PostAsync("registered-models/set-tag", new { name, key = text, value = "v" }),
            "tag value" => await api.PostAsync("registered-models/set-tag", new { name, key = "k", value = text }),
            "version tag key" => await api.PostAsync("model-versions/set-tag", new { name, version = "1", key = text, value = "v" }),
            "version tag value" => await api.PostAsync("model-versions/set-tag", new { name, version = "1", key = "k", value = text }),
            "alias" => await api.PostAsync("registered-models/alias", new { name, alias = text, version = "1" }),
            "source" => await api.PostAsync("model-versions/create", new { name, source = string.Concat("s3://", text.AsSpan(5)) }),
            "description" => await api.PatchAsync("model-versions/update", new { name, version = "1", description = text }),
            _ => await api.PostAsync("model-versions/create", new { name, source = "s3://b", tags = Enumerable.Range(0, length).Select(static i => new { key = $"k{i}", value = new string('x', 4097) }) }),
        };

        Assert.True(answer.Status == status, answer.Text);
        if (status == 400)
        {
            answer.FailsNaming(400, Invalid, what switch { "name" => "'name'", "tag key" or "version tag key" => "'key'", "tag value" or "version tag value" => "'value'", "large tags" => "50 tags", "alias" => "'Registered model alias name'", _ => $"'{what}'" });
        }
    }

    [Theory]
    [InlineData("registered-models/search", 1, 200)]
    [InlineData("registered-models/search", 1000, 200)]
    [InlineData("registered-models/search", 0, 400)]
    [InlineData("registered-models/search", 1001, 400)]
    [InlineData("model-versions/search", 200_000, 200)]
    [InlineData("model-versions/search", 0, 400)]
    [InlineData("model-versions/search", 200_001, 400)]
    public async Task A_page_has_a_size(string path, int size, int status) =>
        Assert.Equal(status, (await api.GetAsync(path, ("filter", "name = 'none'"), ("max_results", $"{size}"))).Status);

    [Fact]
    public async Task A_large_tag_comes_back_whole_wherever_it_is_read()
    {
        var (name, text) = (await CreateAsync(), string.Concat(Enumerable.Repeat("日本 a\"\\", 14_000)));
        (await api.PostAsync("model-versions/create", new { name, source = "s3://b", tags = new[] { new { key = "text", value = text } } })).Ok();
        (await api.PostAsync("registered-models/set-tag", new { name, key = "text", value = text })).Ok();

        var version = (await api.GetAsync("model-versions/get", ("name", name), ("version", "1"))).Ok()["model_version"]!;
        var model = (await api.GetAsync("registered-models/search", ("filter", $"name = '{name}'"))).Ok()["registered_models"]![0]!;

        Assert.Equal(text, version["tags"]![0]!["value"]!.ToString());
        Assert.Equal(text, model["tags"]![0]!["value"]!.ToString());
        Assert.Equal(text, model["latest_versions"]![0]!["tags"]![0]!["value"]!.ToString());
        Assert.Equal(text, (await api.GetAsync("model-versions/search", ("filter", $"name = '{name}' AND tags.text LIKE '日本%'"))).Ok()["model_versions"]![0]!["tags"]![0]!["value"]!.ToString());
    }

    [Fact]
    public async Task A_training_registers_its_model_call_by_call()
    {
        var experiment = await api.CreateExperimentAsync();
        var run = await api.CreateRunAsync(experiment);
        var name = Guid.CreateVersion7().ToString();
        var model = (await api.PostAsync("logged-models", new { experiment_id = experiment, name = "model", source_run_id = run })).Ok()["model"]!["info"]!["model_id"]!.ToString();
        (await api.PostAsync("runs/outputs", new { run_id = run, models = new[] { new { model_id = model, step = 0 } } })).Ok();
        (await api.PutFileAsync($"{experiment}/models/{model}/artifacts/MLmodel", "flavors: {}"u8.ToArray())).Ok();
        (await api.PatchAsync($"logged-models/{model}", new { model_id = model, status = "LOGGED_MODEL_READY" })).Ok();

        (await api.GetAsync("registered-models/get", ("name", name))).FailsNaming(404, "RESOURCE_DOES_NOT_EXIST", name);
        (await api.PostAsync("registered-models/create", new { name })).Ok();
        (await api.PostAsync("registered-models/create", new { name })).Fails(400, "RESOURCE_ALREADY_EXISTS", $"Registered Model (name={name}) already exists.");
        var made = (await api.PostAsync("model-versions/create", new { name, source = $"models:/{model}", run_id = run, model_id = model, tags = Array.Empty<object>() })).Ok()["model_version"]!;
        var read = (await api.GetAsync("model-versions/get", ("name", name), ("version", "1"))).Ok()["model_version"]!;
        (await api.PostAsync("registered-models/alias", new { name, alias = "champion", version = "1" })).Ok();
        var loaded = (await api.GetAsync("registered-models/alias", ("name", name), ("alias", "champion"))).Ok()["model_version"]!;
        var uri = (await api.GetAsync("model-versions/get-download-uri", ("name", name), ("version", loaded["version"]!.ToString()))).Ok()["artifact_uri"]!.ToString();

        Assert.Equal("READY", read["status"]!.ToString());
        Assert.True(JsonNode.DeepEquals(made, read));
        Assert.Equal($"{run} {model} models:/{model}", $"{loaded["run_id"]} {loaded["model_id"]} {loaded["source"]}");
        Assert.Equal("flavors: {}", await api.ReadFileAsync($"{uri["mlflow-artifacts:/".Length..]}/MLmodel"));
        Assert.Equal("flavors: {}", await api.ReadFileAsync($"/model-versions/get-artifact?name={name}&version=1&path=MLmodel"));
        (await api.GetAsync("/model-versions/get-artifact", ("name", name), ("version", "1"), ("path", "../x"))).FailsNaming(400, Invalid, "Invalid path");
        (await api.GetAsync("/model-versions/get-artifact", ("name", name), ("version", "2"), ("path", "x"))).FailsNaming(404, "RESOURCE_DOES_NOT_EXIST", "Model Version");
    }

    [Fact]
    public async Task A_prompt_is_registered_and_loaded_call_by_call()
    {
        var name = Guid.CreateVersion7().ToString();
        var tags = new[] { new { key = "mlflow.prompt.is_prompt", value = "true" }, new { key = "mlflow.prompt.text", value = string.Concat(Enumerable.Repeat("Hello {{name}}! ", 5000)) }, new { key = "_mlflow_prompt_type", value = "text" } };

        Assert.Equal(404, (await api.GetAsync("registered-models/get", ("name", name))).Status);
        (await api.PostAsync("registered-models/create", new { name, tags = tags[..1] })).Ok();
        var first = (await api.PostAsync("model-versions/create", new { name, source = "dummy-source", description = "first", tags })).Ok()["model_version"]!;
        (await api.PostAsync("model-versions/create", new { name, source = "dummy-source", tags })).Ok();
        (await api.PostAsync("registered-models/alias", new { name, alias = "production", version = "1" })).Ok();
        var loaded = (await api.GetAsync("registered-models/alias", ("name", name), ("alias", "production"))).Ok()["model_version"]!;

        Assert.Equal("dummy-source", first["source"]!.ToString());
        Assert.Equal(tags.Select(static tag => $"{tag.key}={tag.value}").Order(StringComparer.Ordinal), loaded["tags"]!.AsArray().Select(static tag => $"{tag!["key"]}={tag["value"]}").Order(StringComparer.Ordinal));
        Assert.Empty((await api.GetAsync("registered-models/search", ("filter", $"name = '{name}' AND {Prompt}"))).Ok().AsObject());
        Assert.Equal(2, (await api.GetAsync("model-versions/search", ("filter", $"name = '{name}' AND tags.`mlflow.prompt.is_prompt` = 'true'"))).Ok()["model_versions"]!.AsArray().Count);
        (await api.PostAsync("model-versions/create", new { name, source = "dummy-source" })).Ok();
        (await api.PostAsync("model-versions/create", new { name = await CreateAsync(), source = "dummy-source" })).FailsNaming(400, Invalid, "dummy-source");
        (await api.PostAsync("model-versions/create", new { name = await CreateAsync(), source = "/etc", tags = new[] { new { key = "mlflow.prompt.is_prompt", value = "false" } } })).FailsNaming(400, Invalid, "/etc");
    }

    [Theory]
    [InlineData("s3://b/x", 200)]
    [InlineData("mlflow-artifacts:/1/2/x", 200)]
    [InlineData("https://h/x?a=b", 200)]
    [InlineData("dbfs:/x", 200)]
    [InlineData("/tmp/x", 400)]
    [InlineData("tmp/x", 400)]
    [InlineData("file:///tmp/x", 400)]
    [InlineData("FILE:/tmp/x", 400)]
    [InlineData(@"C:\x", 400)]
    [InlineData(@"\\host\x", 400)]
    [InlineData("s3://b/../x", 400)]
    [InlineData("s3://b/%2e%2e/x", 400)]
    [InlineData("s3://b/%252e%252e/x", 400)]
    [InlineData("https://h/x%00", 400)]
    [InlineData("models:/none/1", 404)]
    [InlineData("models:/none@champion", 404)]
    [InlineData("models:/m-00000000000000000000000000000009", 404)]
    [InlineData("models:/", 400)]
    [InlineData("models:/a/b/c", 400)]
    [InlineData("runs:/00000000000000000000000000000009/x", 404)]
    [InlineData("runs:/", 400)]
    public async Task A_source_is_an_address_or_a_record(string source, int status) =>
        Assert.Equal(status, (await api.PostAsync("model-versions/create", new { name = await CreateAsync(), source })).Status);

    [Fact]
    public async Task A_path_of_some_machine_is_taken_inside_the_runs_own_place()
    {
        var experiment = (await api.PostAsync("experiments/create", new { name = Guid.CreateVersion7().ToString(), artifact_location = "file:///data/x" })).Ok()["experiment_id"]!.ToString();
        var (run, name) = (await api.CreateRunAsync(experiment), await CreateAsync());

        Assert.Equal(200, (await api.PostAsync("model-versions/create", new { name, run_id = run, source = $"/data/x/{run}/artifacts/model" })).Status);
        Assert.Equal(200, (await api.PostAsync("model-versions/create", new { name, run_id = run, source = $"file:///data/x/{run}/artifacts" })).Status);
        Assert.Equal(400, (await api.PostAsync("model-versions/create", new { name, run_id = run, source = $"/data/x/{run}/artifacts/../../y" })).Status);
        Assert.Equal(400, (await api.PostAsync("model-versions/create", new { name, run_id = run, source = $"/data/x/{run}/artifactsx" })).Status);
        Assert.Equal(400, (await api.PostAsync("model-versions/create", new { name, source = $"/data/x/{run}/artifacts/model" })).Status);
    }

    [Fact]
    public async Task A_creation_with_a_key_may_be_repeated()
    {
        var name = Guid.CreateVersion7().ToString();
        foreach (var (path, body) in (IEnumerable<(string, string)>)[("registered-models/create", $$"""{"name":"{{name}}"}"""), ("model-versions/create", $$"""{"name":"{{name}}","source":"s3://b"}""")])
        {
            var first = (await api.PostJsonAsync(path, body, ("Idempotency-Key", "k"))).Ok();
            Assert.Equal(first.ToJsonString(), (await api.PostJsonAsync(path, body, ("Idempotency-Key", "k"))).Ok().ToJsonString());
        }
        Assert.Equal("2", (await api.PostJsonAsync("model-versions/create", $$"""{"name":"{{name}}","source":"s3://b"}""", ("Idempotency-Key", "other"))).Ok()["model_version"]!["version"]!.ToString());
        Assert.Equal("3", (await api.PostJsonAsync("model-versions/create", $$"""{"name":"{{name}}","source":"s3://b"}""")).Ok()["model_version"]!["version"]!.ToString());
    }

    [Fact]
    public async Task Many_writers_never_get_one_number()
    {
        var name = await CreateAsync();

        var numbers = (await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => api.PostAsync("model-versions/create", new { name, source = "s3://b" })))).Select(static made => int.Parse(made.Ok()["model_version"]!["version"]!.ToString(), null));

        Assert.Equal(Enumerable.Range(1, 24), numbers.Order());
    }

    [Theory]
    [InlineData("OR", "tags.k = '1' OR tags.k = '2'", "2,1")]
    [InlineData("NOT", "NOT tags.k = '1'", "3,2")]
    [InlineData("IN", "version_number IN (1, 3)", "3,1")]
    [InlineData("number", "version_number >= 2", "3,2")]
    [InlineData("LIKE", "source_path LIKE '%/1'", "1")]
    [InlineData("missing", "tags.k != '1'", "2")]
    [InlineData("stage", "current_stage = 'Production'", "2")]
    public async Task A_filter_of_versions_finds(string what, string filter, string expected)
    {
        var name = await CreateAsync();
        Assert.NotEmpty(what);
        for (var i = 1; i <= 3; i++)
        {
            (await api.PostAsync("model-versions/create", new { name, source = $"s3://b/{i}", tags = i == 3 ? [] : new[] { new { key = "k", value = $"{i}" } } })).Ok();
        }
        (await api.PostAsync("model-versions/transition-stage", new { name, version = "2", stage = "Production", archive_existing_versions = false })).Ok();

        var found = (await api.GetAsync("model-versions/search", ("filter", $"name = '{name}' AND ({filter})"))).Ok()["model_versions"]!.AsArray();

        Assert.Equal(expected, string.Join(',', found.Select(static version => version!["version"]!.ToString())));
    }

    [Theory]
    [InlineData("registered-models/search", "filter", "metrics.x > 1")]
    [InlineData("registered-models/search", "filter", "run_id = 'x'")]
    [InlineData("registered-models/search", "order_by", "tags.x")]
    [InlineData("registered-models/search", "order_by", "nothing")]
    [InlineData("registered-models/search", "page_token", "?")]
    [InlineData("model-versions/search", "filter", "version_number = 'x'")]
    [InlineData("model-versions/search", "order_by", "run_id")]
    [InlineData("model-versions/search", "filter", "name =")]
    public async Task What_cannot_be_asked_is_refused(string path, string field, string value) => Assert.Equal(400, (await api.GetAsync(path, (field, value))).Status);

    [Theory]
    [InlineData("PATCH registered-models/update", """{"description":"d"}""")]
    [InlineData("POST registered-models/set-tag", """{"key":"k","value":"v"}""")]
    [InlineData("DELETE registered-models/delete-tag", """{"key":"there"}""")]
    [InlineData("POST registered-models/alias", """{"alias":"a","version":"1"}""")]
    [InlineData("DELETE registered-models/alias", """{"alias":"there"}""")]
    [InlineData("PATCH model-versions/update", """{"version":"1","description":"d"}""")]
    [InlineData("POST model-versions/set-tag", """{"version":"1","key":"k","value":"v"}""")]
    [InlineData("DELETE model-versions/delete-tag", """{"version":"1","key":"there"}""")]
    [InlineData("POST model-versions/transition-stage", """{"version":"1","stage":"Production","archive_existing_versions":true}""")]
    public async Task Saying_it_twice_changes_nothing_more(string call, string body)
    {
        var name = await CreateAsync();
        var tags = new[] { new { key = "there", value = "x" } };
        (await api.PostAsync("model-versions/create", new { name, source = "s3://b", tags })).Ok();
        (await api.PostAsync("model-versions/create", new { name, source = "s3://b", tags })).Ok();
        (await api.PostAsync("registered-models/set-tag", new { name, key = "there", value = "x" })).Ok();
        (await api.PostAsync("registered-models/alias", new { name, alias = "there", version = "2" })).Ok();
        (await api.PostAsync("model-versions/transition-stage", new { name, version = "2", stage = "Production", archive_existing_versions = false })).Ok();
        var given = (JsonObject)JsonNode.Parse(body)!;
        given["name"] = name;
        var words = call.Split(' ');
        var before = (await api.GetAsync($"/api/v1/models/{name}")).Text;
        (await api.SendJsonAsync(new HttpMethod(words[0]), words[1], given.ToJsonString())).Ok();
        var once = (await api.GetAsync($"/api/v1/models/{name}")).Text;

        (await api.SendJsonAsync(new HttpMethod(words[0]), words[1], given.ToJsonString())).Ok();

        Assert.NotEqual(before, once);
        Assert.Equal(once, (await api.GetAsync($"/api/v1/models/{name}")).Text);
    }

    private async Task<string> CreateAsync()
    {
        var name = Guid.CreateVersion7().ToString("n");
        (await api.PostAsync("registered-models/create", new { name })).Ok();
        return name;
    }

    private async Task AddAsync(string name) => (await api.PostAsync("model-versions/create", new { name, source = "s3://b" })).Ok();
}

public sealed class RegistryTestsOnKestrel(KestrelHost host) : RegistryTests(host), IClassFixture<KestrelHost>;

public sealed class RegistryTestsOnFunctions(FunctionsHost host) : RegistryTests(host), IClassFixture<FunctionsHost>;
