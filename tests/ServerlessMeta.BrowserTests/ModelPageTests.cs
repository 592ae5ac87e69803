using System.Net.Http.Json;
using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>The registry's pages in the four looks, with a model that has all that they show.</summary>
public sealed class ModelPageTests(BrowserFixture store) : IAsyncLifetime
{
    private const string Name = "looked-at";
    private static readonly SemaphoreSlim Making = new(1);
    private static bool isMade;

    public async ValueTask InitializeAsync()
    {
        await Making.WaitAsync();
        try
        {
            if (!isMade)
            {
                await MakeAsync();
                isMade = true;
            }
        }
        finally
        {
            Making.Release();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory(Timeout = 150_000)]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Registry_is_for_everyone(int width, bool isDark)
    {
        await using var page = await store.OpenAsync("/models", width, isDark);
        foreach (var (name, path) in (IEnumerable<(string, string)>)
        [
            ("models", "/models"), ("models-fault", "/models?q=colour%3D1"), ("models-none", "/models?q=zzzz"), ("model", $"/models/{Name}"), ("model-policy", $"/models/{Name}?tab=policy"), ("model-history", $"/models/{Name}?tab=history"),
            ("model-new", $"/models/new?name={Name}"),
        ])
        {
            page.Expected.Add("400 (Bad Request)");
            await page.GoAsync(path);
            await page.CheckAsync(Looks.NameOf(name, width, isDark));
        }
    }

    [Theory(Timeout = 150_000)]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Version_is_for_everyone(int width, bool isDark)
    {
        await using var page = await store.OpenAsync($"/models/{Name}/versions/2", width, isDark);
        foreach (var tab in (string[])["overview", "evaluations", "card", "monitoring", "history"])
        {
            await page.GoAsync($"/models/{Name}/versions/2?tab={tab}");
            if (await page.View.Locator("table-chart").CountAsync() > 0)
            {
                await Assertions.Expect(page.View.Locator("table-chart canvas").First).ToBeVisibleAsync();
            }
            await page.CheckAsync(Looks.NameOf($"version-{tab}", width, isDark));
        }
    }

    [Fact(Timeout = 90_000)]
    public async Task Registry_is_filtered_and_read_without_scripts()
    {
        await using var page = await store.OpenAsync("/models", hasScripts: false);

        await page.View.GetByLabel("Part of a name, or conditions").FillAsync("tags.team = 'weather'");
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        Assert.Equal([Name], await page.View.Locator("tbody th a").AllTextContentsAsync());

        await page.View.GetByRole(AriaRole.Link, new() { Name = Name, Exact = true }).ClickAsync();
        await page.View.GetByRole(AriaRole.Link, new() { Name = "Version 2" }).ClickAsync();
        await page.View.GetByRole(AriaRole.Link, new() { Name = "Evaluations" }).ClickAsync();
        await Assertions.Expect(page.View.GetByRole(AriaRole.Heading, new() { Name = "accuracy over versions" })).ToBeVisibleAsync();
    }

    private async Task MakeAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri(store.Address) };
        async Task SendAsync(HttpMethod method, string path, object body, string type = "application/json")
        {
            using HttpContent content = body is string text ? new StringContent(text, System.Text.Encoding.UTF8, type) : JsonContent.Create(body);
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var answer = await http.SendAsync(request, CancellationToken.None);
            // The timer may be computing it at this moment; that is as good.
            Assert.True(answer.IsSuccessStatusCode || answer.StatusCode is System.Net.HttpStatusCode.TooManyRequests, await answer.Content.ReadAsStringAsync(CancellationToken.None));
        }

        const string Api = $"/api/v1/models/{Name}";
        await SendAsync(HttpMethod.Post, "/api/2.0/mlflow/registered-models/create", new { name = Name, description = "Tells whether it **rains**.\n\n# For whom\n\n| who | why |\n| --- | --- |\n| gardeners | water |", tags = new[] { new { key = "team", value = "weather" } } });
        for (var version = 1; version <= 3; version++)
        {
            await SendAsync(HttpMethod.Post, "/api/2.0/mlflow/model-versions/create", new { name = Name, source = "https://example.com/models/a-rather-long-address/that/does/not/fit/into/a/phone", description = $"Learned from {version * 100} days." });
            await SendAsync(HttpMethod.Post, $"{Api}/versions/{version}/evaluations", new { dataset = new { name = "holdout", digest = "1a2b3c4d5e6f" }, metrics = new[] { new { key = "accuracy", value = 0.8 + (version * 0.04), n = 400, low = 0.75 + (version * 0.04), high = 0.85 + (version * 0.04) } } });
        }
        await SendAsync(HttpMethod.Put, $"{Api}/policy", new
        {
            higherIsBetter = new { accuracy = true },
            aliases = new { production = new { approvals = new { count = 1, notByAuthor = false }, evaluations = (string[])["accuracy >= 0.85 on holdout"], description = true } },
            stages = new { Production = new { approvals = new { count = 2, notByAuthor = true }, noOpenDriftAlert = true } },
        });
        await SendAsync(HttpMethod.Post, $"{Api}/versions/2/approvals", new { decision = "approve", comment = "It knows the winter." });
        await SendAsync(HttpMethod.Put, $"{Api}/aliases/production", new { version = 2 });
        await SendAsync(HttpMethod.Put, $"{Api}/stages/Production", new { version = 1, @override = "Shown at the fair" });
        await SendAsync(HttpMethod.Post, $"{Api}/versions/2/comments", new { text = "Does it know about *fog*?" });
        await SendAsync(HttpMethod.Post, $"{Api}/comments", new { text = "1. one\n2. two" });
        await SendAsync(HttpMethod.Put, $"{Api}/versions/2/card/sections/purpose", new { text = "To tell gardeners.\n\n# Not for\n\n- ships" });
        await SendAsync(HttpMethod.Post, $"{Api}/versions/2/baseline", "x\n" + string.Join('\n', Enumerable.Range(0, 200)), "text/csv");
        for (var day = 1; day <= 3; day++)
        {
            await SendAsync(HttpMethod.Post, $"{Api}/versions/2/windows?start=2026-03-0{day}T00:00:00Z&end=2026-03-0{day + 1}T00:00:00Z", "x\n" + string.Join('\n', Enumerable.Range(day == 3 ? 500 : 0, 100)), "text/csv");
        }
        await SendAsync(HttpMethod.Post, $"{Api}/versions/2/drift/compute", new { });
    }
}
