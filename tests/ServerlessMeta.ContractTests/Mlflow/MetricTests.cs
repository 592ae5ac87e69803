using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Mlflow;

public abstract class MetricTests(StoreHost host)
{
    private readonly Api api = host.Api;

    [Theory]
    [InlineData("metrics/get-history", "run_id")]
    [InlineData("metrics/get-history-bulk", "run_id")]
    [InlineData("metrics/get-history-bulk-interval", "run_ids")]
    public async Task A_metric_must_be_named(string path, string parameter)
    {
        var run = await api.CreateRunAsync("0");

        (await api.GetAsync(path, (parameter, run))).Fails(400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'metric_key'. See the API docs for more information about request parameters.");
        (await api.GetAsync(path, ("metric_key", "m"))).Fails(400, "INVALID_PARAMETER_VALUE", $"Missing value for required parameter '{parameter}'. See the API docs for more information about request parameters.");
        (await api.GetAsync(path, (parameter, "00000000010000000000000000000000"), ("metric_key", "m"))).Fails(404, "RESOURCE_DOES_NOT_EXIST", "Run with id=00000000010000000000000000000000 not found");
    }

    [Fact]
    public async Task Pages_of_any_size_give_the_whole_once()
    {
        var run = await LogAsync(2345);
        foreach (var size in (int[])[1000, 777, 2344, 2345, 25_000, 99_999])
        {
            var values = new List<int>();
            string? token = null;
            do
            {
                var page = (await api.GetAsync("metrics/get-history", [("run_id", run), ("metric_key", "m"), ("max_results", $"{size}"), .. token is null ? ((string, string)[])[] : [("page_token", token)]])).Ok();
                values.AddRange(page["metrics"]!.AsArray().Select(static point => point!["value"]!.GetValue<int>()));
                token = page["next_page_token"]?.ToString();
            }
            while (token is not null);
            Assert.Equal(Enumerable.Range(0, 2345), values);
        }
    }

    [Theory]
    [InlineData("0", "Invalid value 0 for parameter 'max_results' supplied: It must be at least 1.")]
    [InlineData("-5", "Invalid value -5 for parameter 'max_results' supplied: It must be at least 1.")]
    [InlineData("x", "Invalid value \"x\" for parameter 'max_results' supplied.")]
    public async Task A_bad_page_size_is_refused(string size, string message) =>
        (await api.GetAsync("metrics/get-history", ("run_id", await api.CreateRunAsync("0")), ("metric_key", "m"), ("max_results", size))).Fails(400, "INVALID_PARAMETER_VALUE", message);

    [Fact]
    public async Task A_page_token_of_another_history_is_refused()
    {
        var (run, other) = (await LogAsync(3), await LogAsync(3));
        var token = (await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "m"), ("max_results", "1"))).Ok()["next_page_token"]!.ToString();

        (await api.GetAsync("metrics/get-history", ("run_id", other), ("metric_key", "m"), ("page_token", token))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Invalid page token");
        (await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "n"), ("page_token", token))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Invalid page token");
        (await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "m"), ("page_token", "!"))).Fails(400, "INVALID_PARAMETER_VALUE", "Invalid page token, could not base64-decode");
    }

    [Fact]
    public async Task Bulk_takes_a_hundred_runs()
    {
        var run = await LogAsync(2);
        var missing = Enumerable.Range(0, 100).Select(static i => ("run_id", $"00000000010000000000000000000{i:x3}"));

        (await api.GetAsync("metrics/get-history-bulk", [("metric_key", "m"), ("run_id", run), .. missing])).Fails(400, "INVALID_PARAMETER_VALUE",
            "The request cannot specify more than 100 run_id. Received 101 run_id.");
        Assert.Equal(2, (await api.GetAsync("metrics/get-history-bulk", ("metric_key", "m"), ("run_id", run), ("run_id", run))).Ok()["metrics"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(320)]
    public async Task A_sample_keeps_first_last_least_and_greatest(int max)
    {
        var run = await api.CreateRunAsync("0");
        double Value(int i) => i switch { 333 => -50, 777 => 50, _ => Math.Sin(i) };
        (await api.PostAsync("runs/log-batch", new { run_id = run, metrics = Enumerable.Range(0, 1000).Select(i => new { key = "m", value = Value(i), timestamp = i, step = i }) })).Ok();

        var sample = (await api.GetAsync("metrics/get-history-bulk-interval", ("metric_key", "m"), ("run_ids", run), ("max_results", $"{max}"))).Ok()["metrics"]!.AsArray();

        var steps = sample.Select(static point => point!["step"]!.GetValue<int>()).ToList();
        Assert.Equal(max, steps.Count);
        Assert.Equal(steps.Order(), steps);
        Assert.Empty(((int[])[0, 999, 333, 777]).Except(steps));
        Assert.All(sample, point => Assert.Equal(run, point!["run_id"]!.ToString()));
    }

    [Theory]
    [InlineData("start_step=1", "If either start step or end step are specified, both must be specified.")]
    [InlineData("start_step=5&end_step=4", "end_step must be greater than start_step. Found start_step=5 and end_step=4.")]
    [InlineData("max_results=0", "Invalid value 0 for parameter 'max_results' supplied: It must be at least 1 and at most 2500.")]
    [InlineData("max_results=2501", "Invalid value 2501 for parameter 'max_results' supplied: It must be at least 1 and at most 2500.")]
    public async Task A_bad_interval_is_refused(string query, string message) =>
        (await api.GetAsync($"metrics/get-history-bulk-interval?metric_key=m&run_ids={await LogAsync(1)}&{query}")).Fails(400, "INVALID_PARAMETER_VALUE", message);

    private async Task<string> LogAsync(int points)
    {
        var run = await api.CreateRunAsync("0");
        foreach (var chunk in Enumerable.Range(0, points).Chunk(1000))
        {
            (await api.PostAsync("runs/log-batch", new JsonObject { ["run_id"] = run, ["metrics"] = new JsonArray([.. chunk.Select(static i => new JsonObject { ["key"] = "m", ["value"] = i, ["timestamp"] = i, ["step"] = i })]) })).Ok();
        }
        return run;
    }
}

public sealed class MetricTestsOnKestrel(KestrelHost host) : MetricTests(host), IClassFixture<KestrelHost>;

public sealed class MetricTestsOnFunctions(FunctionsHost host) : MetricTests(host), IClassFixture<FunctionsHost>;
