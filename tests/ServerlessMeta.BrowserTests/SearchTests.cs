using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>Search in everything, from any page.</summary>
public sealed class SearchTests(BrowserFixture store)
{
    [Fact]
    public async Task Results_stand_below_the_box_while_somebody_types_and_keys_go_through_them()
    {
        await store.TrainedAsync();
        await using var page = await store.OpenAsync("/");

        await page.View.Keyboard.PressAsync("/");
        await page.View.Keyboard.TypeAsync("attle-rai");
        await page.View.Locator("found-list a[href^='/experiments/']").WaitForAsync();
        await page.CheckAsync("search-instant");
        await page.View.Keyboard.PressAsync("ArrowDown");
        Assert.True(await page.View.EvaluateAsync<bool>("document.activeElement.matches('found-list a')"));
        await page.View.Keyboard.PressAsync("Escape");

        Assert.True(await page.View.EvaluateAsync<bool>("document.activeElement.matches('.find input')"));
        await Assertions.Expect(page.View.Locator("found-list")).ToBeHiddenAsync();
        await page.View.Keyboard.PressAsync("Enter");
        await page.View.WaitForURLAsync("**/search?q=attle-rai");
    }

    [Fact]
    public async Task Everything_is_searched_without_scripts()
    {
        await store.TrainedAsync();
        await using var page = await store.OpenAsync("/", hasScripts: false);

        await page.View.GetByLabel("Search everything").FillAsync("ATTLE-RAI");
        await page.View.GetByLabel("Search everything").PressAsync("Enter");

        await page.View.GetByRole(AriaRole.Link, new() { Name = "seattle-rain" }).First.WaitForAsync();
    }

    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Results_are_for_everyone(int width, bool isDark)
    {
        await store.TrainedAsync();
        await using var page = await store.OpenAsync("/search?q=seattle", width, isDark);

        await page.CheckAsync(Looks.NameOf("search", width, isDark));
    }
}
