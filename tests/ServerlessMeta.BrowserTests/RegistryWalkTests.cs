using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>What a newcomer does with a model, by the pages alone: registers it from its run, sets what guards it, approves it, promotes it, takes it back, and looks into the past.</summary>
public sealed class RegistryWalkTests(BrowserFixture store)
{
    [Fact]
    public async Task Run_becomes_the_model_in_production_by_the_pages_alone()
    {
        await store.TrainedAsync();
        using var http = new HttpClient { BaseAddress = new Uri(store.Address) };
        var run = (await (await http.PostAsJsonAsync("/api/2.0/mlflow/runs/search", new { experiment_ids = (string[])["1"], filter = "tags.`mlflow.source.name` LIKE '%train.mjs'" }, CancellationToken.None))
            .Content.ReadFromJsonAsync<JsonNode>(CancellationToken.None))!["runs"]![0]!["info"]!["run_id"]!.ToString();
        await using var page = await store.OpenAsync($"/runs/{run}");
        var view = page.View;
        // What the policy refuses is a line in the console, too.
        page.Expected.Add("409");

        await view.GetByRole(AriaRole.Link, new() { Name = "Register a model" }).ClickAsync();
        await view.GetByLabel("Model", new() { Exact = true }).FillAsync("walk-rain");
        await Assertions.Expect(view.GetByLabel("Where its files lie")).ToHaveValueAsync($"runs:/{run}/model");
        await view.GetByRole(AriaRole.Button, new() { Name = "Register" }).ClickAsync();
        await Assertions.Expect(view.GetByRole(AriaRole.Heading, new() { Name = "walk-rain", Level = 1 })).ToBeVisibleAsync();

        await view.GetByRole(AriaRole.Link, new() { Name = "Policy and decisions" }).ClickAsync();
        await view.GetByText("Change the policy").ClickAsync();
        await view.GetByLabel("Aliases, each with what it asks for, as JSON").FillAsync("""{"production": {"approvals": {"count": 1, "notByAuthor": false}}}""");
        await view.GetByRole(AriaRole.Button, new() { Name = "Set the policy" }).ClickAsync();
        await Assertions.Expect(view.GetByText("One person approves it; nobody rejects it.")).ToBeVisibleAsync();

        await page.GoAsync("/models/walk-rain/versions/1");
        var gate = view.GetByRole(AriaRole.Region, new() { Name = "alias production" });
        await gate.GetByRole(AriaRole.Button, new() { Name = "Give alias production to version 1" }).ClickAsync();
        await Assertions.Expect(gate.GetByRole(AriaRole.Alert)).ToContainTextAsync("Alias 'production' is guarded by a policy; not met: approvals of 1 persons: none");

        await view.GetByLabel("Comment", new() { Exact = true }).FillAsync("It knows the winter.");
        await view.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Assertions.Expect(view.GetByText("It knows the winter.")).ToBeVisibleAsync();
        await Assertions.Expect(gate.GetByText("may be given to this version")).ToBeVisibleAsync();

        await gate.GetByRole(AriaRole.Button, new() { Name = "Give alias production to version 1" }).ClickAsync();
        await Assertions.Expect(gate.GetByText("held by this version")).ToBeVisibleAsync();

        await view.GetByRole(AriaRole.Button, new() { Name = "Verify the files now" }).ClickAsync();
        await Assertions.Expect(view.GetByText("intact")).ToBeVisibleAsync();

        await view.GetByRole(AriaRole.Link, new() { Name = "Comments and history" }).ClickAsync();
        await view.GetByLabel("Say something").FillAsync("Who waters the **garden**?");
        await view.GetByRole(AriaRole.Button, new() { Name = "Comment", Exact = true }).ClickAsync();
        await Assertions.Expect(view.Locator(".feed strong", new() { HasText = "garden" })).ToBeVisibleAsync();
        await Assertions.Expect(view.GetByText("gave alias production to version 1")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Own_approval_is_refused_in_the_words_of_the_API()
    {
        using var http = await RegisterAsync("walk-own", new { aliases = new { production = new { approvals = new { count = 1, notByAuthor = true } } } });
        await using var page = await store.OpenAsync("/models/walk-own/versions/1");
        page.Expected.Add("403");

        var approvals = page.View.GetByRole(AriaRole.Form, new() { Name = "Approve or reject" });
        await approvals.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();

        await Assertions.Expect(approvals.GetByRole(AriaRole.Alert)).ToContainTextAsync("the policy wants the approval of others for alias:production");
    }

    [Fact]
    public async Task Alias_is_given_and_taken_and_the_past_is_one_link_away()
    {
        using var http = await RegisterAsync("walk-alias", null);
        await using var page = await store.OpenAsync("/models/walk-alias/versions/1");
        var view = page.View;
        view.Dialog += static async (_, dialog) => await dialog.AcceptAsync();

        await view.GetByLabel("Alias", new() { Exact = true }).FillAsync("champion");
        await view.GetByRole(AriaRole.Button, new() { Name = "Give it to version 1" }).ClickAsync();
        await view.GetByRole(AriaRole.Button, new() { Name = "Take away champion" }).ClickAsync();
        await Assertions.Expect(view.GetByRole(AriaRole.Button, new() { Name = "Take away champion" })).ToHaveCountAsync(0);

        await page.GoAsync("/models/walk-alias?tab=history");
        await view.Locator(".feed li", new() { HasText = "gave alias champion to version 1" }).GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(view.GetByRole(AriaRole.Note)).ToContainTextAsync("This is the registry as it was at");
        await Assertions.Expect(view.GetByRole(AriaRole.Link, new() { Name = "champion → 1" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Metric_is_chosen_and_drawn_over_versions()
    {
        using var http = await RegisterAsync("walk-measured", null);
        foreach (var (dataset, accuracy) in (IEnumerable<(string, double)>)[("holdout", 0.9), ("winter", 0.8)])
        {
            (await http.PostAsJsonAsync(
                "/api/v1/models/walk-measured/versions/1/evaluations",
                new { dataset = new { name = dataset, digest = "1a2b3c" }, metrics = new[] { new { key = "accuracy", value = accuracy }, new { key = "f1", value = accuracy - 0.1 } } },
                CancellationToken.None)).EnsureSuccessStatusCode();
        }
        await using var page = await store.OpenAsync("/models/walk-measured/versions/1?tab=evaluations");

        await page.View.GetByRole(AriaRole.Combobox, new() { Name = "Metric" }).SelectOptionAsync("f1");
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Show" }).Last.ClickAsync();

        await Assertions.Expect(page.View.GetByRole(AriaRole.Heading, new() { Name = "f1 over versions" })).ToBeVisibleAsync();
        await Assertions.Expect(page.View.Locator("table-chart canvas")).ToBeVisibleAsync();
        Assert.Equal(["0.8", "0.7"], await page.View.Locator("#evaluations tbody td:nth-child(3)").AllTextContentsAsync());
    }

    private async Task<HttpClient> RegisterAsync(string name, object? policy)
    {
        var http = new HttpClient { BaseAddress = new Uri(store.Address) };
        (await http.PostAsJsonAsync("/api/2.0/mlflow/registered-models/create", new { name }, CancellationToken.None)).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync("/api/2.0/mlflow/model-versions/create", new { name, source = "https://example.com/models/1" }, CancellationToken.None)).EnsureSuccessStatusCode();
        if (policy is not null)
        {
            (await http.PutAsJsonAsync($"/api/v1/models/{name}/policy", policy, CancellationToken.None)).EnsureSuccessStatusCode();
        }
        return http;
    }
}
