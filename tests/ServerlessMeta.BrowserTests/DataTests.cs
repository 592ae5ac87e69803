using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>Datasets with their versions.</summary>
public sealed class DataTests(BrowserFixture store)
{
    private readonly Lazy<Task> logged = new(() => Datasets.LogAsync(store.Address));

    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task List_and_page_are_for_everyone(int width, bool isDark)
    {
        await logged.Value;
        await using var page = await store.OpenAsync("/data", width, isDark);

        await page.CheckAsync(Looks.NameOf("data", width, isDark));
        await page.View.GetByRole(AriaRole.Link, new() { Name = Datasets.Name, Exact = true }).ClickAsync();
        await page.View.GetByRole(AriaRole.Heading, new() { Name = Datasets.Name }).WaitForAsync();
        await page.CheckAsync(Looks.NameOf("dataset", width, isDark));
    }

    [Fact]
    public async Task Two_versions_are_compared_by_choosing_them()
    {
        await logged.Value;
        await using var page = await store.OpenAsync($"/data/{Uri.EscapeDataString(Datasets.Name)}");

        await page.View.GetByLabel("Compare version 1", new() { Exact = true }).CheckAsync();
        await page.View.GetByLabel("with version 2", new() { Exact = true }).CheckAsync();
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();

        await page.View.GetByRole(AriaRole.Heading, new() { Name = "Version 2 to 1" }).WaitForAsync();
    }

    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Sign_in_is_for_everyone(int width, bool isDark)
    {
        await using var page = await store.OpenAsync("/sign-in?failed=1&return=%2Fdata", width, isDark);

        await page.CheckAsync(Looks.NameOf("sign-in", width, isDark));
    }
}
