using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

public sealed class ExperimentListTests(BrowserFixture store)
{
    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task List_is_for_everyone(int width, bool isDark)
    {
        await store.TrainedAsync();

        await using var page = await store.OpenAsync("/experiments", width, isDark);

        await page.View.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "seattle-rain" }).WaitForAsync();
        await page.CheckAsync(Looks.NameOf("experiments", width, isDark));
    }

    [Fact]
    public async Task List_is_read_and_filtered_without_scripts()
    {
        await store.TrainedAsync();
        await using var page = await store.OpenAsync("/experiments", hasScripts: false);

        await page.View.GetByLabel("Part of a name").FillAsync("ATTLE-RAI");
        await page.View.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Filter" }).ClickAsync();

        Assert.Equal(["seattle-rain"], await page.View.Locator("tbody th a").AllTextContentsAsync());
    }
}
