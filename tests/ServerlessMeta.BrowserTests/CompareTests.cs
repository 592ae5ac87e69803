using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>Runs beside each other.</summary>
public sealed class CompareTests(BrowserFixture store)
{
    [Theory(Timeout = 150_000)]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Comparison_is_for_everyone(int width, bool isDark)
    {
        await using var page = await store.OpenAsync($"/compare?runs={await ThreeAsync()}&all=true", width, isDark);

        // Points are asked for when a chart comes into view.
        await page.View.Locator("metric-chart[data-key='val/f1']").ScrollIntoViewIfNeededAsync();
        await page.View.Locator("metric-chart[data-key='val/f1'][data-points='180']").WaitForAsync();
        await page.CheckAsync(Looks.NameOf("compare", width, isDark));
    }

    [Fact(Timeout = 60_000)]
    public async Task Differences_come_first_and_all_is_a_link_away()
    {
        await using var page = await store.OpenAsync($"/compare?runs={await ThreeAsync()}", hasScripts: false);
        var rows = page.View.GetByRole(AriaRole.Region, new() { Name = "Params" }).Locator("tbody th");

        Assert.Matches("^C is best with 0\\.9.* val/f1, .* ahead of B", await page.View.Locator(".verdict").InnerTextAsync());
        Assert.Equal(["learning_rate"], await rows.AllTextContentsAsync());

        await page.View.GetByRole(AriaRole.Link, new() { Name = "Show all" }).ClickAsync();
        Assert.Equal(["learning_rate", "batch_size"], await rows.AllTextContentsAsync());

        await page.View.GetByRole(AriaRole.Link, new() { Name = "leave out" }).Last.ClickAsync();
        Assert.Matches("^B is better by .* val/f1", await page.View.Locator(".verdict").InnerTextAsync());
        Assert.StartsWith("https://github.com/acme/digits/compare/", await page.View.GetByRole(AriaRole.Link, new() { Name = "What changed from A to B" }).GetAttributeAsync("href"), StringComparison.Ordinal);
    }

    private async Task<string> ThreeAsync()
    {
        var runs = new List<string>();
        foreach (var rate in new[] { 0.2, 0.3, 0.45 })
        {
            var run = await LoggedRun.StartAsync(store.Address, $"rate {rate}", rate);
            await run.FinishAsync();
            runs.Add(run.Id);
        }
        return string.Join(',', runs);
    }
}
