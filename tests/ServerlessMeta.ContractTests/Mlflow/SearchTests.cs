using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Mlflow;

/// <summary>The grammar itself has tests of its own; here is what a client meets.</summary>
public abstract class SearchTests(StoreHost host)
{
    private readonly Api api = host.Api;

    [Theory]
    [InlineData("metrics.m > 1", "b c")]
    [InlineData("metrics.m BETWEEN 1 AND 2", "a b")]
    [InlineData("metrics.m IN (1, 3) OR params.lr = '0.5'", "a b c")]
    [InlineData("NOT (metrics.m > 1) and params.lr < 0.2", "a")]
    [InlineData("params.lr IS NULL", "c d")]
    [InlineData("tags.`my tag` ILIKE 'X%'", "a")]
    [InlineData("run_name != 'a' and", "b c d")]
    [InlineData("attributes.start_time >= 3 and status = 'RUNNING'", "c d")]
    [InlineData("tags.mlflow.runName LIKE 'b'", "b")]
    [InlineData("run_id = 'nothing'", "")]
    [InlineData("", "a b c d")]
    public async Task A_filter_finds(string filter, string names)
    {
        var experiment = await MakeAsync();

        Assert.Equal(names, await FindAsync(new { experiment_ids = new[] { experiment }, filter, order_by = new[] { "run_name ASC" } }));
    }

    [Theory]
    [InlineData("metrics.m ASC", "a b c d")]
    [InlineData("metrics.m DESC", "c b a d")]
    [InlineData("metrics.n ASC", "b a d c")]
    [InlineData("metrics.n DESC", "b a d c")]
    [InlineData("start_time", "a b c d")]
    [InlineData("params.lr DESC", "b a d c")]
    public async Task An_order_puts_nan_late_and_missing_last(string order, string names)
    {
        var experiment = await MakeAsync();

        Assert.Equal(names, await FindAsync(new { experiment_ids = new[] { experiment }, order_by = new[] { order } }));
    }

    [Fact]
    public async Task Without_an_order_the_newest_start_comes_first() =>
        Assert.Equal("d c b a", await FindAsync(new { experiment_ids = new[] { await MakeAsync() } }));

    [Theory]
    [InlineData("metrics.m > 'x'")]
    [InlineData("metrics.m")]
    [InlineData("(metrics.m > 1")]
    [InlineData("foo.bar = 1")]
    [InlineData("params.lr = ")]
    [InlineData("attribute.nothing = 'x'")]
    [InlineData("start_time = 'yesterday'")]
    [InlineData("metrics.m > 1 metrics.n > 2")]
    [InlineData("params.p LIKE 5")]
    [InlineData("'a' = 'a'")]
    [InlineData("tags.t = 'unclosed")]
    public async Task A_bad_filter_is_refused(string filter)
    {
        var answer = await api.PostAsync("runs/search", new { experiment_ids = new[] { "0" }, filter });

        Assert.Equal("400 INVALID_PARAMETER_VALUE", $"{answer.Status} {answer.Json["error_code"]}");
        Assert.True(answer.Json["message"]!.ToString().Length > 20, answer.Text);
    }

    [Fact]
    public async Task A_huge_filter_is_answered_quickly()
    {
        foreach (var filter in (string[])[new string('(', 500_000), string.Join(" and ", Enumerable.Repeat("metrics.m > 1", 30_000)), "params.p = '" + new string('x', 1_000_000) + "'", string.Concat(Enumerable.Repeat("NOT ", 100_000)) + "metrics.m > 1"])
        {
            Assert.InRange((await api.PostAsync("runs/search", new { experiment_ids = new[] { "0" }, filter })).Status, 200, 400);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("50001")]
    public async Task A_page_has_1_to_50000_runs(string size) =>
        (await api.PostAsync("runs/search", new { experiment_ids = new[] { "0" }, max_results = size })).Fails(400, "INVALID_PARAMETER_VALUE",
            $"Invalid value {size} for parameter 'max_results' supplied: It must be at least 1 and at most 50000.");

    [Fact]
    public async Task Pages_give_the_whole_once()
    {
        var experiment = await MakeAsync();
        var names = new List<string>();
        string? token = null;
        do
        {
            var page = (await api.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, max_results = 1, order_by = new[] { "metrics.n ASC" }, page_token = token })).Ok();
            names.Add(page["runs"]![0]!["info"]!["run_name"]!.ToString());
            token = page["next_page_token"]?.ToString();
        }
        while (token is not null);

        Assert.Equal(["b", "a", "d", "c"], names);
    }

    [Fact]
    public async Task A_page_token_of_another_search_is_refused()
    {
        var experiment = await MakeAsync();
        var token = (await api.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, max_results = 1 })).Ok()["next_page_token"]!.ToString();

        (await api.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter = "metrics.m > 0", page_token = token })).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Invalid page token");
        (await api.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, page_token = "{\"offset\":1}" })).Fails(400, "INVALID_PARAMETER_VALUE", "Invalid page token, could not base64-decode");
    }

    [Fact]
    public async Task Experiments_that_do_not_exist_have_no_runs()
    {
        Assert.Equal("", await FindAsync(new { experiment_ids = new[] { "77777", "not an id" } }));
        Assert.Equal("", await FindAsync(new { }));
    }

    [Fact]
    public async Task Several_experiments_are_searched_as_one()
    {
        var (one, two) = (await MakeAsync(), await MakeAsync());

        Assert.Equal("c c b b", await FindAsync(new { experiment_ids = new[] { one, two, one }, filter = "metrics.m > 1", order_by = new[] { "metrics.m DESC" } }));
    }

    [Fact]
    public async Task Another_instance_sees_every_write_at_once()
    {
        var other = await host.AnotherAsync();
        var experiment = await api.CreateExperimentAsync();
        for (var i = 0; i < 20; i++)
        {
            var (writer, reader) = i % 2 == 0 ? (api, other.Api) : (other.Api, api);
            var run = await writer.CreateRunAsync(experiment, new { run_name = $"r{i}" });
            (await writer.PostAsync("runs/log-batch", new { run_id = run, metrics = new[] { new { key = "m", value = i, timestamp = 1 } }, @params = new[] { new { key = "p", value = $"{i}" } } })).Ok();

            var answer = await reader.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter = $"metrics.m = {i} and params.p = '{i}'" });

            Assert.Equal(run, Assert.Single(answer.Ok()["runs"]!.AsArray())!["info"]!["run_id"]!.ToString());
            Assert.InRange(answer.Operations, 1, 5);
        }
    }

    private async Task<string> MakeAsync()
    {
        var experiment = await api.CreateExperimentAsync();
        await AddAsync("a", 1, """ "metrics":[{"key":"m","value":1,"timestamp":1},{"key":"n","value":2,"timestamp":1}],"params":[{"key":"lr","value":"0.1"}],"tags":[{"key":"my tag","value":"xyz"}] """);
        await AddAsync("b", 2, """ "metrics":[{"key":"m","value":2,"timestamp":1},{"key":"n","value":2,"timestamp":1}],"params":[{"key":"lr","value":"0.5"}],"tags":[{"key":"my tag","value":"abc"}] """);
        await AddAsync("c", 3, """ "metrics":[{"key":"m","value":3,"timestamp":1}] """);
        await AddAsync("d", 4, """ "metrics":[{"key":"n","value":"NaN","timestamp":1}] """);
        return experiment;

        async Task AddAsync(string name, int start, string log)
        {
            var run = await api.CreateRunAsync(experiment, new { run_name = name, start_time = start });
            (await api.PostJsonAsync("runs/log-batch", $"{{\"run_id\":\"{run}\",{log}}}")).Ok();
        }
    }

    private async Task<string> FindAsync(object search) =>
        string.Join(' ', ((await api.PostAsync("runs/search", search)).Ok()["runs"]?.AsArray() ?? []).Select(static run => run!["info"]!["run_name"]!.ToString()));
}

public sealed class SearchTestsOnKestrel(KestrelHost host) : SearchTests(host), IClassFixture<KestrelHost>;

public sealed class SearchTestsOnFunctions(FunctionsHost host) : SearchTests(host), IClassFixture<FunctionsHost>;
