using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>What surrounds every page.</summary>
public sealed class ShellTests(BrowserFixture store)
{
    [Fact]
    public async Task Slash_goes_to_the_search_from_anywhere_and_escape_leaves_it()
    {
        await using var page = await store.OpenAsync("/experiments");

        await page.View.Keyboard.PressAsync("/");
        Assert.True(await page.View.EvaluateAsync<bool>("document.activeElement.matches('.find input')"));

        await page.View.Keyboard.PressAsync("Escape");
        Assert.False(await page.View.EvaluateAsync<bool>("document.activeElement.matches('.find input')"));
    }

    [Fact]
    public async Task Snippet_is_copied_as_it_is_shown()
    {
        await using var page = await store.OpenAsync("/experiments?name=nothing+is+called+so");

        await page.View.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Copy" }).First.ClickAsync();

        Assert.Contains($"mlflow.set_tracking_uri(\"{store.Address}\")", await page.View.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Home_is_for_everyone(int width, bool isDark)
    {
        await using var page = await store.OpenAsync("/", width, isDark);

        await page.CheckAsync(Looks.NameOf("home", width, isDark));
    }
}
