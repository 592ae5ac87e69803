using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Mlflow;

public abstract class ExperimentTests(StoreHost host)
{
    private readonly Api api = host.Api;

    [Fact]
    public async Task A_name_is_taken_once()
    {
        var id = await api.CreateExperimentAsync("taken");

        (await api.PostAsync("experiments/create", new { name = "taken" })).Fails(400, "RESOURCE_ALREADY_EXISTS", "Experiment 'taken' already exists.");
        await api.PostAsync("experiments/delete", new { experiment_id = id });
        (await api.PostAsync("experiments/create", new { name = "taken" })).Fails(400, "RESOURCE_ALREADY_EXISTS",
            "Experiment 'taken' already exists in deleted state. You can restore the experiment, or permanently delete it to create a new one.");
    }

    [Theory]
    [InlineData("a/b\\c#d?e%00f")]
    [InlineData("\u0001\t\n")]
    [InlineData("' or '1' = '1")]
    [InlineData("../../etc/passwd")]
    [InlineData("n|0|e|")]
    [InlineData(" ")]
    [InlineData("日本語 😀 ﷽")]
    public async Task Any_text_is_a_name(string name)
    {
        var id = await api.CreateExperimentAsync(name);

        Assert.Equal(id, (await api.GetAsync("experiments/get-by-name", ("experiment_name", name))).Ok()["experiment"]!["experiment_id"]!.ToString());
    }

    [Fact]
    public async Task A_name_has_up_to_500_characters()
    {
        await api.CreateExperimentAsync(new string('n', 500));

        (await api.PostAsync("experiments/create", new { name = new string('n', 501) })).Fails(400, "INVALID_PARAMETER_VALUE", "'name' exceeds the maximum length of 500 characters");
        (await api.PostAsync("experiments/update", new { experiment_id = "0", new_name = new string('n', 1_000_000) })).Fails(400, "INVALID_PARAMETER_VALUE", "'new_name' exceeds the maximum length of 500 characters");
    }

    [Theory]
    [InlineData("999999")]
    [InlineData("-1")]
    [InlineData("01")]
    [InlineData("abc")]
    [InlineData("1099511627776")]
    [InlineData("99999999999999999999")]
    [InlineData("a/b")]
    public async Task What_does_not_exist_is_not_found(string id)
    {
        var message = $"No Experiment with id={id} exists";

        (await api.GetAsync("experiments/get", ("experiment_id", id))).Fails(404, "RESOURCE_DOES_NOT_EXIST", message);
        (await api.PostAsync("experiments/update", new { experiment_id = id, new_name = "x" })).Fails(404, "RESOURCE_DOES_NOT_EXIST", message);
        (await api.PostAsync("experiments/delete", new { experiment_id = id })).Fails(404, "RESOURCE_DOES_NOT_EXIST", message);
        (await api.PostAsync("experiments/restore", new { experiment_id = id })).Fails(404, "RESOURCE_DOES_NOT_EXIST", message);
        (await api.PostAsync("experiments/set-experiment-tag", new { experiment_id = id, key = "k", value = "v" })).Fails(404, "RESOURCE_DOES_NOT_EXIST", message);
        (await api.PostAsync("experiments/delete-experiment-tag", new { experiment_id = id, key = "k" })).Fails(404, "RESOURCE_DOES_NOT_EXIST", message);
        (await api.PostAsync("runs/create", new { experiment_id = id })).Fails(404, "RESOURCE_DOES_NOT_EXIST", message);
    }

    [Fact]
    public async Task A_name_that_nothing_has_is_not_found() =>
        (await api.GetAsync("experiments/get-by-name", ("experiment_name", "nobody"))).Fails(404, "RESOURCE_DOES_NOT_EXIST", "Could not find experiment with name 'nobody'");

    [Theory]
    [InlineData("experiments/get", "experiment_id")]
    [InlineData("experiments/get-by-name", "experiment_name")]
    public async Task What_a_read_needs_is_named(string path, string parameter) =>
        (await api.GetAsync(path)).Fails(400, "INVALID_PARAMETER_VALUE", $"Missing value for required parameter '{parameter}'. See the API docs for more information about request parameters.");

    [Theory]
    [InlineData("experiments/create", "name")]
    [InlineData("experiments/update", "experiment_id")]
    [InlineData("experiments/delete", "experiment_id")]
    [InlineData("experiments/restore", "experiment_id")]
    [InlineData("experiments/set-experiment-tag", "experiment_id")]
    [InlineData("experiments/delete-experiment-tag", "experiment_id")]
    public async Task What_a_write_needs_is_named(string path, string parameter) =>
        (await api.PostAsync(path, new { })).Fails(400, "INVALID_PARAMETER_VALUE", $"Missing value for required parameter '{parameter}'. See the API docs for more information about request parameters.");

    [Fact]
    public async Task Deleting_twice_is_not_found_and_a_deleted_one_takes_no_writes()
    {
        var id = await api.CreateExperimentAsync();
        (await api.PostAsync("experiments/delete", new { experiment_id = id })).Ok();

        (await api.PostAsync("experiments/delete", new { experiment_id = id })).Fails(404, "RESOURCE_DOES_NOT_EXIST", $"No Experiment with id={id} exists");
        (await api.PostAsync("experiments/update", new { experiment_id = id, new_name = "new" })).Fails(400, "INVALID_PARAMETER_VALUE",
            $"The experiment {id} must be in the 'active' state. Current state is deleted.");
        (await api.PostAsync("runs/create", new { experiment_id = id })).Fails(400, "INVALID_PARAMETER_VALUE", $"The experiment {id} must be in the 'active' state. Current state is deleted.");
        (await api.PostAsync("experiments/set-experiment-tag", new { experiment_id = id, key = "k", value = "v" })).Fails(400, "INVALID_PARAMETER_VALUE",
            $"The experiment {id} must be in the 'active' state. Current state is deleted.");
    }

    [Fact]
    public async Task Deleting_takes_the_runs_along_and_restoring_brings_all_back()
    {
        var id = await api.CreateExperimentAsync();
        var (one, two) = (await api.CreateRunAsync(id), await api.CreateRunAsync(id));
        (await api.PostAsync("runs/delete", new { run_id = two })).Ok();

        (await api.PostAsync("experiments/delete", new { experiment_id = id })).Ok();

        Assert.Equal("deleted", (await api.GetRunAsync(one))["info"]!["lifecycle_stage"]!.ToString());
        (await api.PostAsync("runs/log-parameter", new { run_id = one, key = "k", value = "v" })).Fails(400, "INVALID_PARAMETER_VALUE", $"The run {one} must be in the 'active' state. Current state is deleted.");
        (await api.PostAsync("experiments/restore", new { experiment_id = id })).Ok();
        Assert.Equal("active", (await api.GetRunAsync(one))["info"]!["lifecycle_stage"]!.ToString());
        Assert.Equal("active", (await api.GetRunAsync(two))["info"]!["lifecycle_stage"]!.ToString());
        (await api.PostAsync("runs/log-parameter", new { run_id = one, key = "k", value = "v" })).Ok();
    }

    [Theory]
    [InlineData("s3://b/x#y")]
    [InlineData("s3://b/x?y=1")]
    [InlineData("s3://b/x;p")]
    public async Task A_location_has_no_fragment_query_or_params(string location) =>
        (await api.PostAsync("experiments/create", new { name = "place", artifact_location = location })).Fails(400, "INVALID_PARAMETER_VALUE", "'artifact_location' URL can't include fragments or params.");

    [Fact]
    public async Task A_location_is_no_run() =>
        (await api.PostAsync("experiments/create", new { name = "place", artifact_location = "runs:/1/a" })).Fails(400, "INVALID_PARAMETER_VALUE", "Artifact location cannot be a runs:/ URI. Given: 'runs:/1/a'");

    [Fact]
    public async Task A_tag_has_a_key_of_250_and_a_value_of_5000_characters()
    {
        var id = await api.CreateExperimentAsync();
        var (key, value) = (new string('k', 250), new string('v', 5000));
        (await api.PostAsync("experiments/set-experiment-tag", new { experiment_id = id, key, value })).Ok();

        (await api.PostAsync("experiments/set-experiment-tag", new { experiment_id = id, key = key + "k", value })).Fails(400, "INVALID_PARAMETER_VALUE", "'key' exceeds the maximum length of 250 characters");
        (await api.PostAsync("experiments/set-experiment-tag", new { experiment_id = id, key, value = value + "v" })).Fails(400, "INVALID_PARAMETER_VALUE", "'value' exceeds the maximum length of 5000 characters");
    }

    [Fact]
    public async Task Deleting_a_missing_tag_is_not_found() =>
        (await api.PostAsync("experiments/delete-experiment-tag", new { experiment_id = await api.CreateExperimentAsync(), key = "none" })).Fails(404, "RESOURCE_DOES_NOT_EXIST", "No tag with name: none");

    [Fact]
    public async Task A_rename_to_a_taken_name_is_refused()
    {
        var id = await api.CreateExperimentAsync();
        await api.CreateExperimentAsync("in use");

        (await api.PostAsync("experiments/update", new { experiment_id = id, new_name = "in use" })).Fails(400, "RESOURCE_ALREADY_EXISTS", "Experiment 'in use' already exists.");
    }

    [Fact]
    public async Task The_newest_come_first()
    {
        var (one, two) = (await api.CreateExperimentAsync("order one"), await api.CreateExperimentAsync("order two"));

        var found = (await api.PostAsync("experiments/search", new { filter = "name LIKE 'order %'" })).Ok()["experiments"]!.AsArray();

        Assert.Equal([two, one], found.Select(static experiment => experiment!["experiment_id"]!.ToString()));
    }

    [Fact]
    public async Task A_page_token_of_another_query_is_refused()
    {
        await api.CreateExperimentAsync();
        var token = (await api.GetAsync("experiments/search", ("max_results", "1"))).Ok()["next_page_token"]!.ToString();

        (await api.GetAsync("experiments/search", ("max_results", "1"), ("page_token", token), ("filter", "name != 'x'"))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Invalid page token");
        (await api.GetAsync("experiments/search", ("page_token", "?"))).Fails(400, "INVALID_PARAMETER_VALUE", "Invalid page token, could not base64-decode");
    }
}

public sealed class ExperimentTestsOnKestrel(KestrelHost host) : ExperimentTests(host), IClassFixture<KestrelHost>;

public sealed class ExperimentTestsOnFunctions(FunctionsHost host) : ExperimentTests(host), IClassFixture<FunctionsHost>;
