using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Ui;

/// <summary>An experiment's page and its runs, as they are without scripts, and what scripts load by and by.</summary>
public sealed partial class ExperimentPageTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private const string Hostile = "<script>alert('1')</script>";

    [Fact]
    public async Task Page_is_whole_and_shows_what_people_wrote_as_text()
    {
        var experiment = await host.Api.CreateExperimentAsync($"{Hostile} {Guid.CreateVersion7():n}");
        (await host.Api.PostAsync("experiments/set-experiment-tag", new { experiment_id = experiment, key = "mlflow.note.content", value = $"**bold** {Hostile}" })).Ok();
        await LogAsync(experiment, Hostile, 0.5, $"\"{Hostile}");

        var answer = await host.Api.GetAsync($"/experiments/{experiment}");

        Assert.Equal((200, "text/html; charset=utf-8"), (answer.Status, answer.ContentType));
        Assert.All(new[] { "<main", "<h1", "<strong>bold</strong>", "aria-label=\"Runs\"", "metrics.acc", "params.lr" }, part => Assert.Contains(part, answer.Text, StringComparison.Ordinal));
        Assert.Contains(WebUtility.HtmlEncode(Hostile)[..10], answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", answer.Text, StringComparison.Ordinal);
        Assert.InRange(answer.Operations, 1, 6);
    }

    [Theory]
    [InlineData("/experiments/nonsense", 404)]
    [InlineData("/experiments/987654321", 404)]
    [InlineData("/experiments/987654321/rows", 404)]
    [InlineData("/experiments/987654321/names", 404)]
    [InlineData("/experiments/987654321/values?field=params.lr", 404)]
    [InlineData("/experiments/0/values", 400)]
    [InlineData("/experiments/0/values?field=metrics.acc", 400)]
    [InlineData("/experiments/0/values?field=params.a,params.b", 400)]
    [InlineData("/experiments/0/rows?filter=metrics.", 400)]
    [InlineData("/experiments/0/sparks?metric=acc&runs=nonsense", 400)]
    [InlineData("/api/v1/experiments/987654321/export", 404)]
    [InlineData("/api/v1/experiments/0/export?format=xml", 400)]
    [InlineData("/api/v1/experiments/0/export?stage=gone", 400)]
    [InlineData("/api/v1/experiments/0/export?limit=0", 400)]
    [InlineData("/api/v1/experiments/0/export?columns=colour", 400)]
    public async Task What_is_not_there_or_not_asked_rightly_is_refused(string path, int status) => Assert.Equal(status, (await host.Api.GetAsync(path)).Status);

    [Fact]
    public async Task Experiment_without_runs_says_how_the_first_is_logged()
    {
        var experiment = await host.Api.CreateExperimentAsync();

        Assert.Contains("mlflow.set_tracking_uri", (await host.Api.GetAsync($"/experiments/{experiment}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_of_a_filter_is_shown_at_its_place()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        await LogAsync(experiment, "one", 0.5, "0.1");

        var page = (await host.Api.GetAsync($"/experiments/{experiment}", ("filter", "metrics.acc > foo bar"))).Text;

        Assert.Contains("<code>metrics.acc &gt; foo <mark>bar</mark></code>", page, StringComparison.Ordinal);
        Assert.Contains("aria-invalid=\"true\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_those_of_a_search_in_its_order_at_every_place()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        object?[] values = [0.5, 0.25, 0.5, "NaN", null, "Infinity", "-Infinity", 0.75, 0.5, null];
        for (var i = 0; i < values.Length; i++)
        {
            await LogAsync(experiment, $"run {i % 4}", values[i], (i % 3).ToString(CultureInfo.InvariantCulture));
        }
        foreach (var (filter, order) in new[] { ("", ""), ("", "metrics.acc DESC"), ("", "metrics.acc"), ("params.lr != '1'", "metrics.acc ASC, run_name DESC"), ("metrics.acc >= 0.5", "params.lr"), ("", "run_name DESC"), ("metrics.acc > 99999", "") })
        {
            var searched = (await host.Api.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter, order_by = order.Split(',', StringSplitOptions.RemoveEmptyEntries), max_results = 100 })).Ok();
            string[] expected = [.. (searched["runs"]?.AsArray() ?? []).Select(static run => run!["info"]!["run_id"]!.ToString())];
            var shown = new List<string>();
            for (var from = 0; from <= expected.Length; from += 3)
            {
                var rows = await host.Api.GetAsync($"/experiments/{experiment}/rows", ("filter", filter), ("order", order), ("from", $"{from}"), ("count", "3"));
                Assert.Equal($"{expected.Length}", rows.Headers.GetValues("X-Total").Single());
                shown.AddRange(Run.Matches(rows.Text).Select(static match => match.Groups["found"].Value));
            }
            Assert.Equal(expected, shown);
        }
    }

    [Fact]
    public async Task Row_changes_with_its_run_and_deleted_runs_stand_apart()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var (first, second) = (await LogAsync(experiment, "first", 0.25, "1"), await LogAsync(experiment, "second", 0.5, "1"));
        Assert.Equal([second, first], await RowsAsync(experiment, "metrics.acc DESC", null));

        (await host.Api.PostAsync("runs/log-metric", new { run_id = first, key = "acc", value = 0.75, timestamp = 9, step = 9 })).Ok();
        Assert.Equal([first, second], await RowsAsync(experiment, "metrics.acc DESC", null));

        (await host.Api.PostAsync("runs/delete", new { run_id = second })).Ok();
        Assert.Equal([first], await RowsAsync(experiment, "metrics.acc DESC", null));
        Assert.Equal([second], await RowsAsync(experiment, "metrics.acc DESC", "deleted"));
    }

    [Fact]
    public async Task Groups_have_counts_means_and_deviations()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        foreach (var (acc, lr) in new[] { (0.25, "a'b"), (0.75, "a'b"), (0.5, "c") })
        {
            await LogAsync(experiment, "run", acc, lr);
        }

        var page = (await host.Api.GetAsync($"/experiments/{experiment}", ("group", "params.lr"))).Text;

        Assert.Contains("0.5 ± 0.35355", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        var narrowed = Regex.Match(page, "<a href=\"(?<found>[^\"]+)\"[^>]*>a&#x27;b</a>", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking).Groups["found"].Value;
        Assert.Equal(2, Run.Count((await host.Api.GetAsync(WebUtility.HtmlDecode(narrowed))).Text));
        Assert.Contains("one param or tag", (await host.Api.GetAsync($"/experiments/{experiment}", ("group", "metrics.acc"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_trends_are_loaded_by_themselves()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var run = await LogAsync(experiment, "one", 0.5, "0.1");
        var still = await LogAsync(experiment, "still", 0.5, "0.1");
        (await host.Api.PostAsync("runs/log-batch", new { run_id = run, metrics = Enumerable.Range(1, 99).Select(static step => new { key = "acc", value = step / 100.0, timestamp = step, step }) })).Ok();

        var names = (await host.Api.GetAsync($"/experiments/{experiment}/names")).Ok();
        Assert.Contains("metrics.acc", names["fields"]!.AsArray().Select(static one => one!.ToString()));
        Assert.Contains("FINISHED", names["statuses"]!.AsArray().Select(static one => one!.ToString()));

        var trends = (await host.Api.GetAsync($"/experiments/{experiment}/sparks", ("metric", "acc"), ("runs", $"{run},{still}"))).Text;
        Assert.Equal([run], Regex.Matches(trends, "data-of=\"(?<found>[0-9a-f]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking).Select(static match => match.Groups["found"].Value));
        Assert.InRange(Regex.Match(trends, "points=\"(?<found>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking).Groups["found"].Value.Split(' ').Length, 10, 30);
    }

    [Fact]
    public async Task Export_has_what_the_filter_finds_in_its_order()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var low = await LogAsync(experiment, "a \"low\", one", 0.25, "x\ny");
        var high = await LogAsync(experiment, "high", "Infinity", "z");
        await LogAsync(experiment, "left out", 0.1, "z");

        var json = (await host.Api.GetAsync($"/api/v1/experiments/{experiment}/export", ("format", "json"), ("filter", "metrics.acc > 0.2"), ("order", "metrics.acc DESC"))).Ok().AsArray();
        Assert.Equal([high, low], json.Select(static one => one!["run_id"]!.ToString()));
        Assert.Equal(("Infinity", "z", 0.25), (json[0]!["metrics.acc"]!.ToString(), json[0]!["params.lr"]!.ToString(), json[1]!["metrics.acc"]!.GetValue<double>()));

        var csv = await host.Api.GetAsync($"/api/v1/experiments/{experiment}/export", ("columns", "params.lr"), ("order", "metrics.acc"), ("filter", "metrics.acc > 0.2"), ("limit", "1"));
        Assert.Equal("text/csv; charset=utf-8", csv.ContentType);
        Assert.Matches($"^run_id,run_name,status,start_time,end_time,user_id,params.lr\r\n{low},\"a \"\"low\"\", one\",RUNNING,20[^,]+Z,,,\"x\ny\"\r\n$", csv.Text);
    }

    [Fact]
    public async Task Values_of_a_param_or_tag_are_quoted_as_a_filter_takes_them_the_most_frequent_first()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        foreach (var lr in new[] { "0.1", "it's", "0.1", "", "a\"b\\c `é` 🦊", "0.1", "it's", "two\nlines", new string('x', 201) })
        {
            await LogAsync(experiment, "one", null, lr);
        }
        var gone = await LogAsync(experiment, "gone", null, "of a deleted run");
        (await host.Api.PostAsync("runs/delete", new { run_id = gone })).Ok();
        (await host.Api.PostAsync("runs/set-tag", new { run_id = await LogAsync(experiment, "tagged", null, "0.1"), key = "a b/c", value = "vision" })).Ok();

        var answer = await host.Api.GetAsync($"/experiments/{experiment}/values", ("field", "params.lr"));
        var values = answer.Ok().AsArray().Select(static one => one!.ToString()).ToList();

        Assert.Equal(["'0.1'", "'it''s'", "''", "'a\"b\\c `é` 🦊'"], values);
        Assert.InRange(answer.Operations, 1, 6);
        Assert.Equal("[\"'vision'\"]", (await host.Api.GetAsync($"/experiments/{experiment}/values", ("field", "tags.`a b/c`"))).Text.Replace("\\u0027", "'", StringComparison.Ordinal));
        foreach (var (value, runs) in values.Zip([4, 2, 1, 1]))
        {
            Assert.Equal(runs, (await host.Api.GetAsync($"/api/v1/experiments/{experiment}/export", ("format", "json"), ("filter", $"params.lr = {value}"))).Ok().AsArray().Count);
        }
    }

    private async Task<string> LogAsync(string experiment, string name, object? acc, string lr)
    {
        var run = await host.Api.CreateRunAsync(experiment, new { run_name = name, start_time = 1_780_000_000_000 });
        (await host.Api.PostAsync("runs/log-batch", new
        {
            run_id = run,
            metrics = acc is null ? [] : new object[] { new { key = "acc", value = acc, timestamp = 1, step = 0 } },
            @params = new object[] { new { key = "lr", value = lr } },
        })).Ok();
        return run;
    }

    private async Task<IEnumerable<string>> RowsAsync(string experiment, string order, string? stage) =>
        Run.Matches((await host.Api.GetAsync($"/experiments/{experiment}/rows", ("order", order), ("stage", stage ?? ""))).Text).Select(static match => match.Groups["found"].Value);

    [GeneratedRegex("data-run=\"(?<found>[0-9a-f]{32})\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Run { get; }
}
