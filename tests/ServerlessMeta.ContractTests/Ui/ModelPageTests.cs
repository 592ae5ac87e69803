using System.Globalization;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Ui;

/// <summary>The registry's pages as a browser without scripts gets them.</summary>
public sealed class ModelPageTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private const string Hostile = "<img src=x onerror=alert(1)>";
    private readonly Api api = host.Api;

    [Fact]
    public async Task Registry_is_searched_by_part_of_a_name_and_by_conditions()
    {
        var name = await RegisterAsync(versions: 2);
        await AliasAsync(name, "champion", 1);

        var byName = await api.GetAsync("/models", ("q", name[3..].ToUpperInvariant()));
        var byTag = await api.GetAsync("/models", ("q", $"tags.team = 'rain' AND name = '{name}' AND owner = 'ann'"));
        var none = await api.GetAsync("/models", ("q", "no such model"));
        var wrong = await api.GetAsync("/models", ("q", "colour = 'red'"));

        Assert.All([byName, byTag], page =>
        {
            IsPage(page);
            Assert.Contains($"<a href=\"/models/{name}\">{name}</a>", page.Text, StringComparison.Ordinal);
            Assert.Contains("champion → 1", page.Text, StringComparison.Ordinal);
            Assert.Contains($"<a href=\"/models/{name}/versions/2\">Version 2</a>", page.Text, StringComparison.Ordinal);
        });
        Assert.Contains("No model is so", none.Text, StringComparison.Ordinal);
        Assert.Equal(400, wrong.Status);
        Assert.Contains("role=\"alert\"", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"colour = &#x27;red&#x27;\"", wrong.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_people_wrote_is_text_on_every_page()
    {
        var name = await RegisterAsync($"{Hostile} \"'& {Unique()}", Hostile);
        var path = $"/models/{Uri.EscapeDataString(name)}";
        await SendAsync(HttpMethod.Post, $"/api/v1{path}/comments", new { text = Hostile });
        await SendAsync(HttpMethod.Post, $"/api/v1{path}/versions/1/comments", new { text = Hostile });
        await SendAsync(HttpMethod.Post, $"/api/v1{path}/versions/1/approvals", new { decision = "approve", comment = Hostile });
        await SendAsync(HttpMethod.Post, $"/api/v1{path}/versions/1/evaluations", Evaluation(0.9, Hostile));
        await SendAsync(HttpMethod.Put, $"/api/v1{path}/versions/1/card/sections/purpose", new { text = Hostile });

        foreach (var address in (string[])
        [
            "/models", path, $"{path}?tab=policy", $"{path}?tab=history", $"/models/new?name={Uri.EscapeDataString(name)}", $"{path}/versions/1", $"{path}/versions/latest?tab=evaluations", $"{path}/versions/1?tab=card",
            $"{path}/versions/1?tab=monitoring", $"{path}/versions/1?tab=history",
        ])
        {
            var page = await api.GetAsync(address);

            IsPage(page);
            Assert.DoesNotContain("<img src=x", page.Text, StringComparison.Ordinal);
            Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Version_says_which_conditions_of_its_gates_are_unmet()
    {
        var name = await RegisterAsync();
        await PolicyAsync(name);

        var before = await api.GetAsync($"/models/{name}/versions/1");
        await SendAsync(HttpMethod.Post, $"/api/v1/models/{name}/versions/1/evaluations", Evaluation(0.95));
        var after = await api.GetAsync($"/models/{name}/versions/1");
        var policy = await api.GetAsync($"/models/{name}", ("tab", "policy"));

        Assert.Contains("evaluation accuracy &gt;= 0.9 on holdout: not evaluated", before.Text, StringComparison.Ordinal);
        Assert.Contains("evaluation accuracy &gt;= 0.9 on holdout: 0.95", after.Text, StringComparison.Ordinal);
        Assert.Contains("One person approves it, who did not register it; nobody rejects it.", policy.Text, StringComparison.Ordinal);
        Assert.Contains("An evaluation says accuracy &gt;= 0.9 on holdout.", policy.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Past_is_told_as_it_was_and_cannot_be_changed()
    {
        var name = await RegisterAsync();
        await AliasAsync(name, "champion", 1);
        var then = (await api.GetAsync($"/api/v1/models/{name}")).Ok()["updated"]!.ToString();
        await SendAsync(HttpMethod.Patch, $"/api/v1/models/{name}", new { description = "Written later." });
        await VersionAsync(name);
        await AliasAsync(name, "champion", 2);

        var (past, now) = (await api.GetAsync($"/models/{name}", ("asOf", then)), await api.GetAsync($"/models/{name}"));
        var version = await api.GetAsync($"/models/{name}/versions/1", ("asOf", then));
        var list = await api.GetAsync("/models", ("asOf", then), ("q", $"name = '{name}'"));
        var tooEarly = await api.GetAsync($"/models/{name}", ("asOf", "2001-01-01T00:00:00Z"));
        var wrong = await api.GetAsync($"/models/{name}", ("asOf", "yesterday"));

        Assert.Contains("champion → 1", past.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Version 2", past.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Written later.", past.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("data-api", past.Text + version.Text, StringComparison.Ordinal);
        Assert.Contains("champion → 2", now.Text, StringComparison.Ordinal);
        Assert.Contains("champion → 1", list.Text, StringComparison.Ordinal);
        Assert.Equal((200, 404, 400), (version.Status, tooEarly.Status, wrong.Status));
    }

    [Fact]
    public async Task History_says_in_words_what_was_done()
    {
        var name = await RegisterAsync(versions: 2);
        await AliasAsync(name, "champion", 1);
        await AliasAsync(name, "champion", 2);

        var page = await api.GetAsync($"/models/{name}", ("tab", "history"));

        Assert.Contains("registered version 2", page.Text, StringComparison.Ordinal);
        Assert.Contains("gave alias champion to version 1", page.Text, StringComparison.Ordinal);
        Assert.Contains("moved alias champion from version 1 to version 2", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_that_is_called_as_a_page_is_found_by_its_number()
    {
        await api.PostAsync("registered-models/create", new { name = "new" });

        var list = await api.GetAsync("/models", ("q", "name = 'new'"));
        var path = list.Text.Split("<a href=\"/models/number:")[1].Split('"')[0];
        var page = await api.GetAsync($"/models/number:{path}");

        IsPage(page);
        Assert.Contains("<h1>new</h1>", page.Text, StringComparison.Ordinal);
        Assert.Contains("<h1>Register a model</h1>", (await api.GetAsync("/models/new")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registration_offers_the_folders_of_its_run()
    {
        var run = await api.CreateRunAsync(await api.CreateExperimentAsync());
        var root = (await api.GetRunAsync(run))["info"]!["artifact_uri"]!.ToString()["mlflow-artifacts:/".Length..];
        foreach (var file in (string[])["data/rows.csv", "my-model/weights.json"])
        {
            await SendAsync(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/{root}/{file}", new { });
        }

        var page = await api.GetAsync("/models/new", ("run", run));
        var absent = await api.GetAsync("/models/new", ("run", new string('0', 32)));

        Assert.Contains($"value=\"runs:/{run}/my-model\" placeholder", page.Text, StringComparison.Ordinal);
        Assert.Contains($"<option value=\"runs:/{run}/data\">", page.Text, StringComparison.Ordinal);
        Assert.Equal(404, absent.Status);
    }

    [Theory]
    [InlineData("/models/nobody-has-this-name")]
    [InlineData("/models/nobody-has-this-name/versions/1")]
    public async Task What_is_not_there_is_said_on_a_page(string path)
    {
        var page = await api.GetAsync(path);

        Assert.Equal(404, page.Status);
        Assert.Contains("No model is called &#x27;nobody-has-this-name&#x27; now.", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_cost_few_storage_operations()
    {
        var name = await RegisterAsync(versions: 12);
        await PolicyAsync(name);
        await AliasAsync(name, "champion", 3);

        Assert.InRange(await CostAsync($"/models?q={name}"), 1, 4);
        Assert.InRange(await CostAsync($"/models/{name}"), 4, 25);
        Assert.InRange(await CostAsync($"/models/{name}?tab=policy"), 3, 4);
        Assert.InRange(await CostAsync($"/models/{name}?tab=history"), 3, 7);
        Assert.InRange(await CostAsync($"/models/{name}/versions/3"), 4, 16);
        Assert.InRange(await CostAsync($"/models/{name}/versions/3?tab=evaluations"), 4, 6);
        Assert.InRange(await CostAsync($"/models/{name}/versions/3?tab=monitoring"), 3, 8);
        Assert.InRange(await CostAsync($"/models/{name}/versions/3?tab=card"), 6, 20);
    }

    private async Task<int> CostAsync(string path) => (await api.GetAsync(path)).Operations;

    private static void IsPage(Answer page)
    {
        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page.ContentType));
        Assert.Single(page.Text.Split("<h1>").Skip(1));
        Assert.Contains("<main id=\"content\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("<nav aria-label=\"Main\">", page.Text, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private async Task<string> RegisterAsync(string? name = null, string text = "Tells whether it rains.", int versions = 1)
    {
        name ??= $"rain-{Unique()}";
        (await api.PostAsync("registered-models/create", new { name, description = text, tags = new[] { new { key = "team", value = text == Hostile ? Hostile : "rain" } } })).Ok();
        await SendAsync(HttpMethod.Patch, $"/api/v1/models/{Uri.EscapeDataString(name)}", new { owner = text == Hostile ? Hostile : "ann" });
        for (var version = 0; version < versions; version++)
        {
            await VersionAsync(name, text);
        }
        return name;
    }

    private async Task VersionAsync(string name, string text = "Of the winter.") => (await api.PostAsync("model-versions/create", new { name, source = "https://example.com/models/rain", description = text })).Ok();

    private Task AliasAsync(string name, string alias, int version) => SendAsync(HttpMethod.Put, $"/api/v1/models/{name}/aliases/{alias}", new { version });

    private Task PolicyAsync(string name) => SendAsync(
        HttpMethod.Put, $"/api/v1/models/{name}/policy", new { aliases = new { production = new { approvals = new { count = 1, notByAuthor = true }, evaluations = (string[])["accuracy >= 0.9 on holdout"] } } });

    private static object Evaluation(double accuracy, string dataset = "holdout") => new { dataset = new { name = dataset, digest = "1a2b3c4d" }, metrics = new[] { new { key = "accuracy", value = accuracy, n = 500 } } };

    private async Task SendAsync(HttpMethod method, string path, object body)
    {
        var answer = await api.SendJsonAsync(method, path, System.Text.Json.JsonSerializer.Serialize(body));
        Assert.True(answer.Status is 200 or 201, answer.Text);
    }

    private static string Unique() => Random.Shared.NextInt64().ToString("x", CultureInfo.InvariantCulture);
}
