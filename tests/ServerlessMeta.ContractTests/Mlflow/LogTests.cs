using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Mlflow;

public abstract class LogTests(StoreHost host)
{
    private readonly Api api = host.Api;

    public static TheoryData<string, string> BadKeys => new()
    {
        { "a#b", "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/)." },
        { "a\\b", "Names may only contain" },
        { "a?b", "Names may only contain" },
        { "a\u0000", "Names may only contain" },
        { "a\n", "Names may only contain" },
        { "😀", "Names may only contain" },
        { "a%", "Names may only contain" },
        { "../a", "This name would resolve to \"../a\"" },
        { "a/../b", "This name would resolve to \"b\"" },
        { "/a", "This name would resolve to \"/a\"" },
        { "a//b", "This name would resolve to \"a/b\"" },
        { "./a", "This name would resolve to \"a\"" },
        { "a/", "This name would resolve to \"a\"" },
        { ".", "This name would resolve to \".\"" },
        { "..", "This name would resolve to \"..\"" },
        { "..a", "This name would resolve to \"..a\"" },
    };

    public static TheoryData<string> GoodKeys => ["a", "a/b", "A_b-c.d e:f", "é", "日本", "a..b", ".a", " ", new string('k', 250)];

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task A_bad_key_is_refused_wherever_it_stands(string key, string reason)
    {
        var run = await api.CreateRunAsync("0");
        foreach (var answer in await LogEverywhereAsync(run, key))
        {
            answer.FailsNaming(400, "INVALID_PARAMETER_VALUE", reason);
        }
        Assert.Null((await api.GetRunAsync(run))["data"]!["params"]);
    }

    [Theory]
    [MemberData(nameof(GoodKeys))]
    public async Task A_good_key_is_taken_wherever_it_stands(string key)
    {
        var run = await api.CreateRunAsync("0");
        foreach (var answer in await LogEverywhereAsync(run, key))
        {
            answer.Ok();
        }
        Assert.Equal(key, (await api.GetRunAsync(run))["data"]!["params"]![0]!["key"]!.ToString());
        Assert.Single((await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", key))).Ok()["metrics"]!.AsArray());
    }

    [Theory]
    [InlineData("key")]
    [InlineData("metrics[0].key")]
    [InlineData("params[0].key")]
    [InlineData("tags[0].key")]
    public async Task A_key_has_up_to_250_characters_and_not_none(string path)
    {
        var run = await api.CreateRunAsync("0");

        (await LogAsync(run, path, new string('k', 251))).Fails(400, "INVALID_PARAMETER_VALUE", $"'{path}' exceeds the maximum length of 250 characters");
        (await LogAsync(run, path, "")).Fails(400, "INVALID_PARAMETER_VALUE", $"Missing value for required parameter '{path}'. See the API docs for more information about request parameters.");
    }

    [Theory]
    [InlineData(1001, 0, 0, "A batch logging request can contain at most 1000 metrics. Got 1001 metrics. Please split up metrics across multiple requests and try again.")]
    [InlineData(0, 101, 0, "A batch logging request can contain at most 100 params. Got 101 params. Please split up params across multiple requests and try again.")]
    [InlineData(0, 0, 101, "A batch logging request can contain at most 100 tags. Got 101 tags. Please split up tags across multiple requests and try again.")]
    [InlineData(900, 50, 51, "A batch logging request can contain at most 1000 metrics, params, and tags. Got 1001 metrics, params, and tags. Please split up metrics, params, and tags across multiple requests and try again.")]
    [InlineData(1000, 0, 0, null)]
    [InlineData(800, 100, 100, null)]
    public async Task A_batch_has_a_limit_of_each_and_of_all(int metrics, int parameters, int tags, string? message)
    {
        var run = await api.CreateRunAsync("0");

        var answer = await api.PostAsync("runs/log-batch", new
        {
            run_id = run,
            metrics = Enumerable.Range(0, metrics).Select(static i => new { key = "m", value = i, timestamp = i, step = i }),
            @params = Enumerable.Range(0, parameters).Select(static i => new { key = $"p{i}", value = "v" }),
            tags = Enumerable.Range(0, tags).Select(static i => new { key = $"t{i}", value = "v" }),
        });

        if (message is not null)
        {
            answer.Fails(400, "INVALID_PARAMETER_VALUE", message);
            Assert.Null((await api.GetRunAsync(run))["data"]!["metrics"]);
        }
        else
        {
            answer.Ok();
        }
    }

    [Fact]
    public async Task Long_values_are_cut_as_the_reference_does()
    {
        var run = await api.CreateRunAsync("0");

        (await api.PostAsync("runs/log-parameter", new { run_id = run, key = "p", value = new string('p', 6001) })).Ok();
        (await api.PostAsync("runs/set-tag", new { run_id = run, key = "t", value = new string('t', 1_000_000) })).Ok();
        (await api.PostAsync("runs/set-tag", new { run_id = run, key = "u", value = new string('u', 7999) + "😀" })).Ok();

        var data = (await api.GetRunAsync(run))["data"]!;
        Assert.Equal(6000, data["params"]![0]!["value"]!.ToString().Length);
        Assert.Equal([8000, 7999], data["tags"]!.AsArray().Skip(1).Select(static tag => tag!["value"]!.ToString().Length));
        (await api.PostAsync("runs/log-parameter", new { run_id = run, key = "p", value = new string('p', 6001) })).Ok();
    }

    [Fact]
    public async Task A_param_is_written_once()
    {
        var run = await api.CreateRunAsync("0");
        (await api.PostAsync("runs/log-parameter", new { run_id = run, key = "p", value = "1" })).Ok();
        (await api.PostAsync("runs/log-parameter", new { run_id = run, key = "p", value = "1" })).Ok();

        (await api.PostAsync("runs/log-parameter", new { run_id = run, key = "p", value = "2" })).Fails(400, "INVALID_PARAMETER_VALUE",
            $"Changing param values is not allowed. Param with key='p' was already logged with value='1' for run ID='{run}'. Attempted logging new value '2'.");
        (await api.PostAsync("runs/log-batch", new { run_id = run, @params = new[] { new { key = "q", value = "1" }, new { key = "p", value = "3" } }, tags = new[] { new { key = "t", value = "v" } } })).Fails(400, "INVALID_PARAMETER_VALUE",
            $"Changing param values is not allowed. Params were already logged='[{{'key': 'p', 'old_value': '1', 'new_value': '3'}}]' for run ID='{run}'.");
        var data = (await api.GetRunAsync(run))["data"]!;
        Assert.Single(data["params"]!.AsArray());
        Assert.Single(data["tags"]!.AsArray());
    }

    [Fact]
    public async Task The_same_param_twice_in_a_batch_is_refused() =>
        (await api.PostAsync("runs/log-batch", new { run_id = await api.CreateRunAsync("0"), @params = new[] { new { key = "p", value = "1" }, new { key = "p", value = "1" } } })).Fails(400, "INVALID_PARAMETER_VALUE",
            "Duplicate parameter keys have been submitted: ['p']. Please ensure the request contains only one param value per param key.");

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("[]")]
    public async Task A_params_value_is_a_text(string value) =>
        (await api.PostJsonAsync("runs/log-parameter", $"{{\"run_id\":\"{await api.CreateRunAsync("0")}\",\"key\":\"p\",\"value\":{value}}}")).Fails(400, "INVALID_PARAMETER_VALUE",
            $"Invalid value {value} for parameter 'value' supplied.");

    [Theory]
    [InlineData("\"value\":null,\"timestamp\":1", "value")]
    [InlineData("\"timestamp\":1", "value")]
    [InlineData("\"value\":1,\"timestamp\":null", "timestamp")]
    [InlineData("\"value\":1", "timestamp")]
    public async Task A_point_needs_value_and_time(string fields, string missing)
    {
        var run = await api.CreateRunAsync("0");

        (await api.PostJsonAsync("runs/log-metric", $"{{\"run_id\":\"{run}\",\"key\":\"m\",{fields}}}")).Fails(400, "INVALID_PARAMETER_VALUE",
            $"Missing value for required parameter '{missing}'. See the API docs for more information about request parameters.");
        (await api.PostJsonAsync("runs/log-batch", $"{{\"run_id\":\"{run}\",\"metrics\":[{{\"key\":\"m\",{fields}}}]}}")).Fails(400, "INVALID_PARAMETER_VALUE",
            $"Missing value for required parameter 'metrics[0].{missing}'. See the API docs for more information about request parameters.");
    }

    [Theory]
    [InlineData("value", "\"x\"")]
    [InlineData("value", "{}")]
    [InlineData("value", "\"\"")]
    [InlineData("timestamp", "1.5")]
    [InlineData("timestamp", "9223372036854775808")]
    [InlineData("step", "-9223372036854775809")]
    [InlineData("step", "\"NaN\"")]
    [InlineData("step", "1e400")]
    public async Task A_points_bad_number_is_refused(string field, string value)
    {
        var body = new JsonObject { ["run_id"] = await api.CreateRunAsync("0"), ["key"] = "m", ["value"] = 1, ["timestamp"] = 1, ["step"] = 1 };
        body[field] = JsonNode.Parse(value);

        (await api.PostJsonAsync("runs/log-metric", body.ToJsonString())).Fails(400, "INVALID_PARAMETER_VALUE", $"Invalid value {value} for parameter '{field}' supplied.");
    }

    [Theory]
    [InlineData("1e400", "1.7976931348623157E+308")]
    [InlineData("\"Infinity\"", "1.7976931348623157E+308")]
    [InlineData("\"-Infinity\"", "-1.7976931348623157E+308")]
    [InlineData("\"NaN\"", "\"NaN\"")]
    [InlineData("true", "1")]
    [InlineData("false", "0")]
    [InlineData("\" 1.5e3 \"", "1500")]
    [InlineData("-0.0", "-0")]
    [InlineData("5e-324", "5E-324")]
    public async Task A_value_comes_in_many_forms(string value, string answered)
    {
        var run = await api.CreateRunAsync("0");

        (await api.PostJsonAsync("runs/log-metric", $"{{\"run_id\":\"{run}\",\"key\":\"m\",\"value\":{value},\"timestamp\":1}}")).Ok();

        Assert.Equal(answered, (await api.GetRunAsync(run))["data"]!["metrics"]![0]!["value"]!.ToJsonString());
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    public async Task Times_and_steps_are_any_int64(string edge)
    {
        var run = await api.CreateRunAsync("0");

        (await api.PostJsonAsync("runs/log-metric", $"{{\"run_id\":\"{run}\",\"key\":\"m\",\"value\":1,\"timestamp\":{edge},\"step\":{edge}}}")).Ok();

        var point = (await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "m"))).Ok()["metrics"]![0]!;
        Assert.Equal($"{edge} {edge}", $"{point["timestamp"]} {point["step"]}");
    }

    [Fact]
    public async Task Latest_is_the_greatest_step_then_time_then_value()
    {
        var run = await api.CreateRunAsync("0");
        foreach (var (value, timestamp, step) in (IEnumerable<(double, long, long)>)[(1, 9, 1), (2, 3, 5), (3, 4, 5), (7, 4, 5), (5, 4, 5), (9, 99, 4)])
        {
            (await api.PostAsync("runs/log-metric", new { run_id = run, key = "m", value, timestamp, step })).Ok();
        }
        Assert.Equal("7", (await api.GetRunAsync(run))["data"]!["metrics"]![0]!["value"]!.ToString());
    }

    [Fact]
    public async Task Deleting_a_missing_tag_is_not_found() =>
        (await api.PostAsync("runs/delete-tag", new { run_id = await api.CreateRunAsync("0"), key = "none" })).Fails(404, "RESOURCE_DOES_NOT_EXIST", "No tag with name: none");

    [Fact]
    public async Task A_thousand_metric_keys_are_fine()
    {
        var run = await api.CreateRunAsync("0");
        for (var batch = 0; batch < 2; batch++)
        {
            (await api.PostAsync("runs/log-batch", new { run_id = run, metrics = Enumerable.Range(0, 1000).Select(i => new { key = $"layer/{i}", value = i + batch, timestamp = batch, step = batch }) })).Ok();
        }

        var metrics = (await api.GetRunAsync(run))["data"]!["metrics"]!.AsArray();

        Assert.Equal(1000, metrics.Count);
        Assert.All(metrics, static metric => Assert.Equal(int.Parse(metric!["key"]!.ToString()[6..], System.Globalization.CultureInfo.InvariantCulture) + 1, metric["value"]!.GetValue<double>()));
        Assert.Equal(2, (await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "layer/999"))).Ok()["metrics"]!.AsArray().Count);
    }

    [Fact]
    public async Task One_metric_key_too_many_is_refused_and_20_000_stay_usable()
    {
        var run = await api.CreateRunAsync("0");
        for (var batch = 0; batch < 20; batch++)
        {
            (await api.PostAsync("runs/log-batch", new { run_id = run, metrics = Enumerable.Range(batch * 1000, 1000).Select(static i => new { key = $"k{i}", value = i, timestamp = 1 }) })).Ok();
        }

        (await api.PostAsync("runs/log-metric", new { run_id = run, key = "one more", value = 1, timestamp = 1 })).Fails(400, "INVALID_PARAMETER_VALUE", "A run takes up to 20000 metric keys.");
        (await api.PostAsync("runs/log-metric", new { run_id = run, key = "k19999", value = 5, timestamp = 2, step = 1 })).Ok();

        Assert.Equal(20_000, (await api.GetRunAsync(run))["data"]!["metrics"]!.AsArray().Count);
        Assert.Equal(["19999", "5"], (await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "k19999"))).Ok()["metrics"]!.AsArray().Select(static point => point!["value"]!.ToString()));
    }

    [Fact]
    public async Task A_hundred_long_params_do_not_make_later_calls_dear()
    {
        var run = await api.CreateRunAsync("0");
        (await api.PostAsync("runs/log-batch", new { run_id = run, @params = Enumerable.Range(0, 100).Select(static i => new { key = $"p{i}", value = new string((char)('a' + (i % 26)), 6000) }) })).Ok();

        for (var i = 0; i < 300; i++)
        {
            var answer = await api.PostAsync("runs/log-metric", new { run_id = run, key = "m", value = i, timestamp = i, step = i });
            answer.Ok();
            Assert.Equal(1, answer.Operations);
        }

        var found = (await api.GetRunAsync(run))["data"]!;
        Assert.Equal(100, found["params"]!.AsArray().Count);
        Assert.Equal("299", found["metrics"]![0]!["value"]!.ToString());
        Assert.Equal(300, (await api.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", "m"))).Ok()["metrics"]!.AsArray().Count);
    }

    private async Task<List<Answer>> LogEverywhereAsync(string run, string key) =>
    [
        await api.PostAsync("runs/log-metric", new { run_id = run, key, value = 1, timestamp = 1 }), await api.PostAsync("runs/log-parameter", new { run_id = run, key, value = "1" }),
        await api.PostAsync("runs/set-tag", new { run_id = run, key, value = "1" }), await LogAsync(run, "metrics[0].key", key), await LogAsync(run, "params[0].key", key), await LogAsync(run, "tags[0].key", key),
    ];

    private Task<Answer> LogAsync(string run, string path, string key)
    {
        var item = new JsonArray(new JsonObject { ["key"] = key, ["value"] = path.StartsWith("metrics", StringComparison.Ordinal) ? JsonValue.Create(1) : JsonValue.Create("1"), ["timestamp"] = 1 });
        return path == "key"
            ? api.PostAsync("runs/log-parameter", new { run_id = run, key, value = "1" })
            : api.PostJsonAsync("runs/log-batch", new JsonObject { ["run_id"] = run, [path[..path.IndexOf('[', StringComparison.Ordinal)]] = item }.ToJsonString());
    }
}

public sealed class LogTestsOnKestrel(KestrelHost host) : LogTests(host), IClassFixture<KestrelHost>;

public sealed class LogTestsOnFunctions(FunctionsHost host) : LogTests(host), IClassFixture<FunctionsHost>;
