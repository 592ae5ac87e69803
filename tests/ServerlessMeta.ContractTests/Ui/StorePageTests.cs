using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Ui;

/// <summary>Home, data and search: status, landmarks, and what people wrote as text.</summary>
public sealed class StorePageTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Hostile = "<script>alert(1)</script>";
    private readonly KestrelHost host = new(azurite);

    public ValueTask InitializeAsync() => host.InitializeAsync();

    [Fact]
    public async Task Home_shows_what_goes_on()
    {
        var experiment = await host.Api.CreateExperimentAsync($"of {Hostile}");
        var run = await host.Api.CreateRunAsync(experiment, new { run_name = $"run {Hostile}" });
        (await host.Api.PostAsync("registered-models/create", new { name = "churn" })).Ok();
        (await host.Api.PostAsync("model-versions/create", new { name = "churn", source = "s3://b/m" })).Ok();
        (await host.Api.PostAsync("registered-models/alias", new { name = "churn", alias = "champion", version = "1" })).Ok();

        var html = await PageAsync("/");

        Assert.Contains("Running now", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/runs/{run}\"", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/experiments/{experiment}\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/models/churn/versions/1\"", html, StringComparison.Ordinal);
        Assert.Contains("<meta name=\"live\" content=\"\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Home_names_what_waits_for_the_reader()
    {
        (await host.Api.PostAsync("registered-models/create", new { name = "fraud" })).Ok();
        (await host.Api.PostAsync("model-versions/create", new { name = "fraud", source = "s3://b/m" })).Ok();
        var set = await host.Api.SendJsonAsync(HttpMethod.Put, "/api/v1/models/fraud/policy", """{"aliases":{"production":{"approvals":{"count":1,"notByAuthor":false}}}}""");
        Assert.True(set.Status is 200 or 201, set.Text);

        Assert.Contains("Waits for you", await PageAsync("/"), StringComparison.Ordinal);
        var said = await host.Api.SendJsonAsync(HttpMethod.Post, "/api/v1/models/fraud/versions/1/approvals", """{"decision":"approve","for":"alias:production"}""");
        Assert.True(said.Status is 200 or 201, said.Text);
        Assert.DoesNotContain("Waits for you", await PageAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_is_listed_and_compared_and_says_who_uses_it()
    {
        var name = $"train/{Hostile}";
        var run = await host.Api.CreateRunAsync(await host.Api.CreateExperimentAsync(), new { run_name = "reader" });
        await InputAsync(run, name, "1", """{"mlflow_colspec":[{"name":"age","type":"long"},{"name":"old","type":"string"}]}""", """{"num_rows":10}""");
        await InputAsync(run, name, "2", """{"mlflow_colspec":[{"name":"age","type":"double"},{"name":"<i>","type":"string"}]}""", """{"num_rows":12}""");
        (await host.Api.PostAsync("registered-models/create", new { name = "made" })).Ok();
        (await host.Api.PostAsync("model-versions/create", new { name = "made", source = "s3://b/m", run_id = run })).Ok();

        var list = await PageAsync("/data");
        var page = await PageAsync($"/data/{Uri.EscapeDataString(name)}");

        Assert.Contains($"href=\"/data/{Uri.EscapeDataString(name)}\"", list, StringComparison.Ordinal);
        Assert.Contains("version 2 of 2", page, StringComparison.Ordinal);
        Assert.All(new[] { "&lt;i&gt;", "double", "num_rows", $"href=\"/runs/{run}\"", "href=\"/models/made/versions/1\"" }, part => Assert.Contains(part, page, StringComparison.Ordinal));
        Assert.Contains("Version 2 to 1", await PageAsync($"/data/{Uri.EscapeDataString(name)}?version=1&against=2"), StringComparison.Ordinal);
        Assert.Equal(404, (await host.Api.GetAsync("/data/nothing")).Status);
        Assert.Equal(400, (await host.Api.GetAsync($"/data/{Uri.EscapeDataString(name)}", ("version", "first"))).Status);
    }

    [Fact]
    public async Task Everything_is_found_by_a_part_of_it()
    {
        var experiment = await host.Api.CreateExperimentAsync("Zebra stripes");
        var run = await host.Api.CreateRunAsync(experiment, new { run_name = "plain" });
        (await host.Api.PostAsync("runs/set-tag", new { run_id = run, key = "mlflow.note.content", value = $"seen at the zebra crossing {Hostile}" })).Ok();
        await InputAsync(run, "zebras", "1", "{}", "{}");
        (await host.Api.PostAsync("registered-models/create", new { name = "counter", description = "counts ZEBRAS" })).Ok();

        var page = await PageAsync("/search?q=zebra");
        var instant = await host.Api.GetAsync("/search/instant", ("q", "zebra"));

        Assert.All(new[] { "Runs", "Experiments", "Models", "Data" }, group => Assert.Contains($"<h2>{group}</h2>", page, StringComparison.Ordinal));
        Assert.Contains("note: seen at the zebra crossing", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", instant.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"/runs/{run}\"", instant.Text, StringComparison.Ordinal);
        Assert.True(instant.Operations <= 30, $"{instant.Operations} operations");
        Assert.Contains($"href=\"/runs/{run}\"", await PageAsync($"/search?q={run}"), StringComparison.Ordinal);
        Assert.Contains("Nothing found", await PageAsync("/search?q=" + Uri.EscapeDataString(Hostile + "x")), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private async Task<string> PageAsync(string path)
    {
        var page = await host.Api.GetAsync(path);
        Assert.True(page.Status == 200, page.Text);
        Assert.All(new[] { "<main id=\"content\"", "<nav aria-label=\"Main\"", "<h1>" }, landmark => Assert.Contains(landmark, page.Text, StringComparison.Ordinal));
        Assert.DoesNotContain(Hostile, page.Text, StringComparison.Ordinal);
        return page.Text;
    }

    private async Task InputAsync(string run, string name, string digest, string schema, string profile) => (await host.Api.PostAsync("runs/log-inputs", new
    {
        run_id = run,
        datasets = new[] { new { dataset = new { name, digest, source_type = "local", source = "{}", schema, profile }, tags = new[] { new { key = "mlflow.data.context", value = "training" } } } },
    })).Ok();
}
