using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Ui;

/// <summary>Runs and versions beside each other, as the page is without scripts.</summary>
public sealed class ComparePageTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private static int models;

    [Fact]
    public async Task Runs_are_compared_and_a_sentence_says_which_is_better()
    {
        var (one, other) = (await RunAsync("<b>first</b>", "0.1", 0.899), await RunAsync("second", "0.2", 0.912));

        var some = await host.Api.GetAsync("/compare", ("runs", $"{one},{other}"));
        var all = await host.Api.GetAsync("/compare", ("runs", $"{one},{other}"), ("all", "true"));

        Assert.Equal((200, "text/html; charset=utf-8"), (some.Status, some.ContentType));
        Assert.Contains("B is better by 0.013 val_f1 (0.912 against 0.899); learning rate differs.", some.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;first&lt;/b&gt;", some.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>first</b>", some.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("batch_size", some.Text, StringComparison.Ordinal);
        Assert.Contains("batch_size", all.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_are_compared_by_their_evaluations()
    {
        var model = $"compared-{Interlocked.Increment(ref models)}";
        (await host.Api.PostAsync("registered-models/create", new { name = model })).Ok();
        foreach (var (f1, version) in new[] { (0.899, 1), (0.912, 2) })
        {
            var run = await RunAsync("run", "0.1", f1);
            (await host.Api.PostAsync("model-versions/create", new { name = model, source = $"mlflow-artifacts:/0/{run}/artifacts/model", run_id = run })).Ok();
            Assert.Equal(201, (await host.Api.PostAsync($"/api/v1/models/{model}/versions/{version}/evaluations", new { dataset = new { name = "holdout", digest = new string('a', 64) }, metrics = new[] { new { key = "f1", value = f1 } } })).Status);
        }

        var answer = await host.Api.GetAsync("/compare", ("versions", $"{model}/1,{model}/2"));

        Assert.Equal(200, answer.Status);
        Assert.Contains("B is better by 0.013 f1 on holdout (0.912 against 0.899)", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 200, "Choose what to compare")]
    [InlineData("?runs=RUN", 400, "Name 2 to 20 different runs")]
    [InlineData("?runs=RUN,nonsense", 404, "nonsense")]
    [InlineData("?versions=none/1,none/2", 404, "none")]
    [InlineData("?versions=none,other", 400, "digit-reader/3")]
    public async Task What_cannot_be_compared_is_said(string query, int status, string expected)
    {
        var answer = await host.Api.GetAsync("/compare" + query.Replace("RUN", await host.Api.CreateRunAsync("0"), StringComparison.Ordinal));

        Assert.Equal(status, answer.Status);
        Assert.Contains(expected, answer.Text, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string name, string rate, double f1)
    {
        var run = await host.Api.CreateRunAsync("0", new { run_name = name });
        (await host.Api.PostJsonAsync("runs/log-batch", new JsonObject
        {
            ["run_id"] = run,
            ["params"] = new JsonArray(new JsonObject { ["key"] = "learning_rate", ["value"] = rate }, new JsonObject { ["key"] = "batch_size", ["value"] = "64" }),
            ["metrics"] = new JsonArray(new JsonObject { ["key"] = "val_f1", ["value"] = f1, ["timestamp"] = 1, ["step"] = 1 }),
        }.ToJsonString())).Ok();
        return run;
    }
}
