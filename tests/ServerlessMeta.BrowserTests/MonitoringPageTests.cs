using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>What is watched, its rules and triggers.</summary>
public sealed class MonitoringPageTests(BrowserFixture store)
{
    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Monitoring_is_for_everyone(int width, bool isDark)
    {
        await WatchedData.MakeAsync(store);
        var trigger = await WatchedData.TriggerAsync(store);

        await using var page = await store.OpenAsync("/monitoring", width, isDark);
        foreach (var (name, path) in (IEnumerable<(string, string)>)
        [
            ("monitoring", "/monitoring"), ("watched", WatchedData.Address), ("watched-category", WatchedData.Address + "?window=week-8&column=country"),
            ("rules", "/rules"), ("rule", $"/rules/{WatchedData.Rule}?dryRun=1"), ("triggers", "/triggers"), ("trigger", $"/triggers/{trigger}"),
        ])
        {
            await page.GoAsync(path);
            if (await page.View.Locator("window-chart").CountAsync() > 0)
            {
                await Assertions.Expect(page.View.Locator("window-chart canvas").First).ToBeVisibleAsync();
            }
            await page.CheckAsync(Looks.NameOf(name, width, isDark));
        }
    }

    [Fact]
    public async Task Cell_of_the_map_opens_its_column_in_its_window()
    {
        await WatchedData.MakeAsync(store);
        await using var page = await store.OpenAsync("/monitoring");
        await page.View.Locator($"a[href='{WatchedData.Address}']").First.ClickAsync();

        await page.View.GetByRole(AriaRole.Region, new() { Name = "Drift of columns over windows" }).GetByRole(AriaRole.Link, new() { Name = "country in week-7" }).ClickAsync();

        await Assertions.Expect(page.View.GetByRole(AriaRole.Heading, new() { Name = "Window week-7: country" })).ToBeVisibleAsync();
        await Assertions.Expect(page.View.GetByRole(AriaRole.Row, new() { Name = "PL" })).ToBeVisibleAsync();
        await Assertions.Expect(page.View.GetByText("New categories")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Column_is_chosen_and_the_table_of_performance_is_read_without_scripts()
    {
        await WatchedData.MakeAsync(store);
        await using var page = await store.OpenAsync(WatchedData.Address + "?window=week-6", hasScripts: false);

        await page.View.GetByLabel("Column", new() { Exact = true }).SelectOptionAsync("calls");
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();

        await Assertions.Expect(page.View.GetByRole(AriaRole.Heading, new() { Name = "Window week-6: calls" })).ToBeVisibleAsync();
        await page.View.GetByText("The same as a table").ClickAsync();
        await Assertions.Expect(page.View.Locator("#performance").GetByRole(AriaRole.Link, new() { Name = "week-1" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Measure_of_performance_is_chosen_and_drawn()
    {
        await WatchedData.MakeAsync(store);
        await using var page = await store.OpenAsync(WatchedData.Address);

        await page.View.GetByRole(AriaRole.Navigation, new() { Name = "Measures" }).GetByRole(AriaRole.Link, new() { Name = "recall" }).First.ClickAsync();

        await Assertions.Expect(page.View.Locator("window-chart[data-measure=recall] canvas")).ToBeVisibleAsync();
        await Assertions.Expect(page.View.GetByRole(AriaRole.Img, new() { Name = "recall over windows" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Rule_is_tried_on_the_stored_windows()
    {
        await WatchedData.MakeAsync(store);
        await using var page = await store.OpenAsync($"/rules/{WatchedData.Rule}");

        await page.View.GetByRole(AriaRole.Button, new() { Name = "Try" }).ClickAsync();

        await Assertions.Expect(page.View.GetByText("Would have fired on 2026-")).ToBeVisibleAsync();
        await Assertions.Expect(page.View.GetByRole(AriaRole.Region, new() { Name = "Windows that were looked at" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(9);
    }

    [Fact]
    public async Task Suggested_trigger_is_approved_from_its_page()
    {
        await WatchedData.MakeAsync(store);
        await using var page = await store.OpenAsync($"/triggers/{await WatchedData.TriggerAsync(store)}");

        await page.View.GetByRole(AriaRole.Button, new() { Name = "Approve and send" }).ClickAsync();

        await Assertions.Expect(page.View.GetByRole(AriaRole.Button, new() { Name = "Approve and send" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.View.GetByRole(AriaRole.List, new() { Name = "From cause to verdict" })).ToContainTextAsync("approved by");
    }
}
