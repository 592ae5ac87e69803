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
    public async Task Results_stay_while_the_store_changes_and_the_page_follows_when_they_are_closed()
    {
        await store.TrainedAsync();
        await using var page = await store.OpenAsync("/");
        await page.View.Locator("live-dot[data-state=live]").WaitForAsync();
        // What the page asks for and hears is counted here, for others write to this store too, and a page that is behind already tells nobody so again.
        await page.View.EvaluateAsync("""
            () => {
              [window.visits, window.asked, window.heard] = [0, 0, 0];
              document.addEventListener("turbo:visit", () => window.visits++);
              const ask = window.fetch;
              window.fetch = async (address, ...more) => {
                const answer = await ask(address, ...more);
                if (String(address).includes("/api/v1/events") && answer.ok) [window.asked, window.heard] = [window.asked + 1, window.heard + (await answer.clone().json()).length];
                return answer;
              };
            }
            """);
        await page.View.Keyboard.PressAsync("/");
        await page.View.Keyboard.TypeAsync("attle-rai");
        await page.View.Locator("found-list a[href^='/experiments/']").WaitForAsync();
        // A page that was being read anew before is there by now.
        await page.View.WaitForFunctionAsync("!document.documentElement.hasAttribute('aria-busy')");
        var before = await page.View.EvaluateAsync<int>("window.heard = 0, window.visits");

        await LoggedRun.StartAsync(store.Address, "while somebody searches", 0.4);
        await page.View.WaitForFunctionAsync("() => window.heard > 0");
        // It has looked at what it heard when it asks again.
        await page.View.WaitForFunctionAsync("asked => window.asked > asked", await page.View.EvaluateAsync<int>("window.asked"));
        Assert.Equal(before, await page.View.EvaluateAsync<int>("window.visits"));
        Assert.Equal("attle-rai", await page.View.Locator(".find input").InputValueAsync());
        await Assertions.Expect(page.View.Locator("found-list")).ToBeVisibleAsync();

        await page.View.Keyboard.PressAsync("Escape");
        await page.View.Locator(".find input").BlurAsync();
        await page.View.WaitForFunctionAsync("before => window.visits > before", before);
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
