using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>Pages follow the store by themselves.</summary>
public sealed class LiveTests(BrowserFixture store)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_run_appears_and_neither_scroll_nor_selection_is_lost()
    {
        await store.TrainedAsync();
        await using var page = await store.OpenAsync("/");
        await page.View.SetViewportSizeAsync(900, 260);
        await StateAsync(page, "live");
        await page.View.EvaluateAsync("getSelection().selectAllChildren(document.querySelector('#recent'))");
        await page.View.EvaluateAsync("scrollTo(0, 90)");

        await RunAsync("appears by itself");

        await page.View.GetByRole(AriaRole.Link, new() { Name = "appears by itself", Exact = true }).WaitForAsync();
        Assert.Equal(90, await page.View.EvaluateAsync<int>("scrollY"));
        Assert.Equal("Experiments", (await page.View.EvaluateAsync<string>("getSelection().toString()")).Trim());
    }

    [Fact]
    public async Task The_list_of_experiments_follows_the_store()
    {
        await using var page = await store.OpenAsync("/experiments");
        await StateAsync(page, "live");

        await PostAsync("experiments/create", new { name = "made while somebody looks" });

        await page.View.GetByRole(AriaRole.Link, new() { Name = "made while somebody looks" }).WaitForAsync();
    }

    [Fact]
    public async Task A_link_that_somebody_followed_is_not_ended_by_what_changes_meanwhile()
    {
        await using var page = await store.OpenAsync("/experiments");
        await StateAsync(page, "live");
        await page.View.RouteAsync("**/queues", static async route =>
        {
            // Longer than the page waits before it asks what changed.
            await Task.Delay(TimeSpan.FromSeconds(8), CancellationToken.None);
            await route.ContinueAsync();
        });

        await page.View.GetByRole(AriaRole.Link, new() { Name = "Queues", Exact = true }).ClickAsync();
        await PostAsync("experiments/create", new { name = "made while somebody waits" });

        await page.View.GetByRole(AriaRole.Heading, new() { Name = "Queues", Level = 1 }).WaitForAsync();
    }

    [Fact]
    public async Task The_dot_says_that_the_store_is_out_of_reach_and_recovers()
    {
        await using var page = await store.OpenAsync("/");
        page.Expected.Add("ERR_INTERNET_DISCONNECTED");
        await StateAsync(page, "live");

        await page.View.Context.SetOfflineAsync(true);
        await StateAsync(page, "offline");
        await page.View.Context.SetOfflineAsync(false);

        await StateAsync(page, "live");
    }

    [Fact]
    public async Task A_hidden_tab_asks_nothing()
    {
        await using var page = await store.OpenAsync("/");
        await StateAsync(page, "live");
        await page.View.EvaluateAsync("""
            Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
            document.dispatchEvent(new Event("visibilitychange"));
            """);
        await StateAsync(page, "paused");
        var asked = 0;
        page.View.Request += (_, request) => asked += request.Url.Contains("/api/v1/events", StringComparison.Ordinal) ? 1 : 0;

        await page.View.WaitForTimeoutAsync(4_000);
        Assert.Equal(0, asked);
        await page.View.EvaluateAsync("""delete document.hidden; document.dispatchEvent(new Event("visibilitychange"))""");

        await StateAsync(page, "live");
        Assert.True(asked > 0);
    }

    private static Task StateAsync(OpenPage page, string state) => page.View.Locator($"live-dot[data-state={state}]").WaitForAsync();

    private async Task RunAsync(string name) => await PostAsync("runs/create", new { experiment_id = $"{(await PostAsync("experiments/create", new { name = $"of {name}" }))["experiment_id"]}", run_name = name, start_time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() });

    private async Task<JsonNode> PostAsync(string path, object body)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync($"{store.Address}/api/2.0/mlflow/{path}", body, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
    }
}
