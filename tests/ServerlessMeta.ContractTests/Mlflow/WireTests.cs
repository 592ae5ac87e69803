using System.Text;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Mlflow;

public abstract class WireTests(StoreHost host)
{
    private const string MissingName = "Missing value for required parameter 'name'. See the API docs for more information about request parameters.";

    private readonly Api api = host.Api;

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Another_content_type_is_refused(string? contentType)
    {
        var answer = await api.PostBytesAsync("experiments/create", "{\"name\":\"x\"}"u8.ToArray(), contentType);

        answer.Fails(400, "INVALID_PARAMETER_VALUE", "Bad Request. Content-Type must be one of ['application/json'].");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    public async Task Json_with_a_charset_is_fine(string contentType) =>
        (await api.PostBytesAsync("experiments/search", "{}"u8.ToArray(), contentType)).Ok();

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"name\":")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{'name':'x'}")]
    [InlineData("{\"name\":null}")]
    [InlineData("{\"name\":\"\"}")]
    public async Task A_broken_body_counts_as_empty(string body) =>
        (await api.PostJsonAsync("experiments/create", body)).Fails(400, "INVALID_PARAMETER_VALUE", MissingName);

    [Fact]
    public async Task Invalid_utf8_counts_as_empty() =>
        (await api.PostBytesAsync("experiments/create", [.. "{\"name\":\"a"u8, 0xC3, 0x28, .. "\"}"u8], "application/json")).Fails(400, "INVALID_PARAMETER_VALUE", MissingName);

    [Fact]
    public async Task Deep_json_counts_as_empty()
    {
        var deep = new string('[', 100_000) + new string(']', 100_000);

        var answer = await api.PostJsonAsync("experiments/create", $"{{\"name\":\"deep\",\"x\":{deep}}}");

        answer.Fails(400, "INVALID_PARAMETER_VALUE", MissingName);
    }

    [Fact]
    public async Task Of_equal_names_the_last_wins()
    {
        var id = (await api.PostJsonAsync("experiments/create", "{\"name\":\"twice a\",\"name\":\"twice b\"}")).Ok()["experiment_id"]!.ToString();

        Assert.Equal("twice b", (await api.GetAsync("experiments/get", ("experiment_id", id))).Ok()["experiment"]!["name"]!.ToString());
    }

    [Fact]
    public async Task A_lone_surrogate_is_refused() =>
        (await api.PostJsonAsync("experiments/create", "{\"name\":\"\\ud800\"}")).Fails(400, "INVALID_PARAMETER_VALUE", "Invalid value in the request body: a lone surrogate is no text.");

    [Fact]
    public async Task A_pair_of_surrogates_is_text()
    {
        var id = (await api.PostJsonAsync("experiments/create", "{\"name\":\"\\ud83d\\ude00\"}")).Ok()["experiment_id"]!.ToString();

        Assert.Equal("😀", (await api.GetAsync("experiments/get", ("experiment_id", id))).Ok()["experiment"]!["name"]!.ToString());
    }

    [Theory]
    [InlineData("{\"name\":123}", "Invalid value 123 for parameter 'name' supplied.")]
    [InlineData("{\"name\":{}}", "Invalid value {} for parameter 'name' supplied.")]
    [InlineData("{\"name\":\"x\",\"tags\":{}}", "Invalid value {} for parameter 'tags' supplied.")]
    [InlineData("{\"name\":\"x\",\"tags\":[1]}", "Invalid value 1 for parameter 'tags' supplied.")]
    [InlineData("{\"name\":\"x\",\"tags\":[{\"key\":1}]}", "Invalid value 1 for parameter 'tags[0].key' supplied.")]
    public async Task A_value_of_another_type_is_named(string body, string message) =>
        (await api.PostJsonAsync("experiments/create", body)).Fails(400, "INVALID_PARAMETER_VALUE", message);

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"x\"")]
    [InlineData("9223372036854775808")]
    [InlineData("1e400")]
    [InlineData("true")]
    [InlineData("[]")]
    public async Task What_is_no_int64_is_refused(string value) =>
        (await api.PostJsonAsync("experiments/search", $"{{\"max_results\":{value}}}")).Fails(400, "INVALID_PARAMETER_VALUE", $"Invalid value {value} for parameter 'max_results' supplied.");

    [Theory]
    [InlineData("12")]
    [InlineData("\"12\"")]
    [InlineData("12.0")]
    [InlineData("1.2e1")]
    public async Task Whole_numbers_come_in_many_forms(string value) => (await api.PostJsonAsync("experiments/search", $"{{\"max_results\":{value}}}")).Ok();

    [Fact]
    public async Task Query_strings_are_not_camel_case() =>
        (await api.GetAsync("experiments/get", ("experimentId", "0"))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'experiment_id'.");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_batch_takes_a_million_bytes_and_not_one_more(int more)
    {
        var run = await api.CreateRunAsync("0");
        var head = $"{{\"run_id\":\"{run}\",\"ignored\":\"";
        var body = Encoding.UTF8.GetBytes(head + new string('x', 1_000_000 + more - head.Length - 2) + "\"}");

        var answer = await api.PostBytesAsync("runs/log-batch", body, "application/json");

        if (more == 0)
        {
            answer.Ok();
        }
        else
        {
            answer.Fails(400, "INVALID_PARAMETER_VALUE", "Batched logging API requests must be at most 1000000 bytes, got a request of size 1000001.");
        }
    }

    [Fact]
    public async Task A_body_beyond_every_limit_is_refused_without_being_kept()
    {
        var answer = await api.PostBytesAsync("runs/set-tag", new byte[40_000_000], "application/json");

        answer.Fails(400, "INVALID_PARAMETER_VALUE", "Requests must be at most 33554432 bytes, got a request of size 40000000.");
    }

    [Theory]
    [InlineData("experiments/search?view_type=SOME")]
    [InlineData("experiments/search?max_results=0")]
    [InlineData("experiments/search?max_results=50001")]
    [InlineData("experiments/search?max_results=x")]
    [InlineData("experiments/search?page_token=AAAA")]
    [InlineData("experiments/search?page_token=%00%ff")]
    [InlineData("experiments/search?filter=%00")]
    [InlineData("experiments/search?order_by=name%20SIDEWAYS")]
    public async Task Bad_queries_are_the_callers_fault(string path) => Assert.Equal(400, (await api.GetAsync(path)).Status);
}

public sealed class WireTestsOnKestrel(KestrelHost host) : WireTests(host), IClassFixture<KestrelHost>;

public sealed class WireTestsOnFunctions(FunctionsHost host) : WireTests(host), IClassFixture<FunctionsHost>;
