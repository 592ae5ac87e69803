using System.Net;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Ui;

/// <summary>The page of a run, tab by tab, as it is without scripts.</summary>
public sealed class RunPageTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private const string Hostile = "<script>alert('1')</script>";

    public static TheoryData<string, string> Tabs => new()
    {
        { "summary", "Params" }, { "metrics", "metric-chart" }, { "artifacts", "Files" }, { "io", "Datasets that it read" }, { "environment", "Can it be run again?" },
        { "anomalies", "no number" }, { "comments", "Say something" }, { "audit", "run.create" },
    };

    [Theory]
    [MemberData(nameof(Tabs))]
    public async Task Tab_is_whole_and_shows_what_people_wrote_as_text(string tab, string expected)
    {
        var run = await RunAsync();

        var answer = await host.Api.GetAsync($"/runs/{run}", ("tab", tab));

        Assert.Equal((200, "text/html; charset=utf-8"), (answer.Status, answer.ContentType));
        Assert.Contains(expected, answer.Text, StringComparison.Ordinal);
        Assert.All(new[] { "<main", "<h1", "aria-label=\"Of this run\"", $"aria-current=\"page\">" }, landmark => Assert.Contains(landmark, answer.Text, StringComparison.Ordinal));
        Assert.Contains(WebUtility.HtmlEncode(Hostile)[..10], answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", answer.Text, StringComparison.Ordinal);
        Assert.Equal(304, (await AgainAsync($"/runs/{run}?tab={tab}", answer)).Status);
    }

    [Theory]
    [InlineData("/runs/nonsense")]
    [InlineData("/runs/00000000000000000000000000000001")]
    [InlineData("/runs/RUN?tab=nothing")]
    [InlineData("/runs/RUN?tab=artifacts&model=m-1")]
    public async Task What_is_not_there_is_said_in_a_page(string path)
    {
        var answer = await host.Api.GetAsync(path.Replace("RUN", await host.Api.CreateRunAsync("0"), StringComparison.Ordinal));

        Assert.Equal((404, "text/html; charset=utf-8"), (answer.Status, answer.ContentType));
        Assert.Contains("Not found", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_shown_as_previews_and_never_as_pages()
    {
        var run = await RunAsync();
        await UploadAsync(run, "eval/confusion_matrix.json", """{"labels":["cat","dog"],"matrix":[[5,1],[2,4]]}""");
        await UploadAsync(run, "page.html", Hostile);

        var matrix = await host.Api.GetAsync($"/runs/{run}", ("tab", "artifacts"), ("path", "eval/confusion_matrix.json"));
        var page = await host.Api.GetAsync($"/runs/{run}", ("tab", "artifacts"), ("path", "page.html"));

        Assert.Contains("Rows are the true classes", matrix.Text, StringComparison.Ordinal);
        Assert.Contains("eval/", matrix.Text, StringComparison.Ordinal);
        Assert.Contains("Download", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Points_are_given_for_many_metrics_and_from_a_moment_on()
    {
        var run = await RunAsync();

        var all = (await host.Api.GetAsync($"/runs/{run}/series", ("key", "loss"), ("key", "f1"), ("key", "none"))).Ok();
        var late = (await host.Api.GetAsync($"/runs/{run}/series", ("key", "loss"), ("since", "2000"))).Ok();

        Assert.Equal("""{"series":[{"key":"loss","count":2,"points":[[1,1000,0.5],[2,2000,null]]},{"key":"f1","count":1,"points":[[1,1000,0.75]]}]}""", all.ToJsonString());
        Assert.Equal("""{"series":[{"key":"loss","count":1,"points":[[2,2000,null]]}]}""", late.ToJsonString());
        Assert.Equal(400, (await host.Api.GetAsync($"/runs/{run}/series")).Status);
        Assert.Equal(404, (await host.Api.GetAsync("/runs/00000000000000000000000000000001/series", ("key", "loss"))).Status);
    }

    [Fact]
    public async Task Environment_is_compared_with_another_run()
    {
        var (run, other) = (await RunAsync(), await RunAsync());
        (await host.Api.SendJsonAsync(HttpMethod.Put, $"/api/v1/runs/{run}/environment", """{"packages":{"python:numpy":"1.0"}}""")).Ok();
        (await host.Api.SendJsonAsync(HttpMethod.Put, $"/api/v1/runs/{other}/environment", """{"packages":{"python:numpy":"2.0"}}""")).Ok();

        var compared = await host.Api.GetAsync($"/runs/{run}", ("tab", "environment"), ("other", other));
        var unknown = await host.Api.GetAsync($"/runs/{run}", ("tab", "environment"), ("other", "x"));

        Assert.Contains("<th scope=\"row\">numpy</th><td class=\"value\">1.0</td><td class=\"value\">2.0</td>", compared.Text, StringComparison.Ordinal);
        Assert.Contains("A run id has 32 hex digits", unknown.Text, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync()
    {
        var run = await host.Api.CreateRunAsync("0", new { run_name = Hostile, tags = new[] { new { key = "mlflow.note.content", value = Hostile }, new { key = "mine", value = Hostile } } });
        (await host.Api.PostJsonAsync("runs/log-batch", new JsonObject
        {
            ["run_id"] = run,
            ["params"] = new JsonArray(new JsonObject { ["key"] = "lr", ["value"] = Hostile }),
            ["metrics"] = new JsonArray(Point("loss", 0.5, 1000, 1), Point("loss", "NaN", 2000, 2), Point("f1", 0.75, 1000, 1)),
        }.ToJsonString())).Ok();
        (await host.Api.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = Hostile, digest = "12", source_type = "local", source = Hostile } } } })).Ok();
        Assert.Equal(201, (await host.Api.PostAsync($"/api/v1/runs/{run}/comments", new { text = Hostile })).Status);
        await UploadAsync(run, "notes.md", Hostile);
        return run;

        static JsonObject Point(string key, JsonNode value, long at, int step) => new() { ["key"] = key, ["value"] = value, ["timestamp"] = at, ["step"] = step };
    }

    private async Task UploadAsync(string run, string path, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{path}") { Content = new StringContent(text) };
        Assert.Equal(200, (await host.Api.SendAsync(request)).Status);
    }

    private async Task<Answer> AgainAsync(string path, Answer before)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await host.Api.SendAsync(request, ("If-None-Match", before.Headers.ETag!.ToString()));
    }
}
