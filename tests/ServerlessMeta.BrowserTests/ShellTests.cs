using System.Text.RegularExpressions;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>What surrounds every page.</summary>
public sealed partial class ShellTests(BrowserFixture store)
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
    [InlineData("style.css")]
    [InlineData("docs.css")]
    public async Task Every_rule_of_a_style_sheet_is_understood(string name)
    {
        await using var page = await store.OpenAsync("/");
        var styles = (await page.View.Locator("link[rel=stylesheet]").GetAttributeAsync("href"))!.Replace("style.css", name, StringComparison.Ordinal);
        var text = await page.View.EvaluateAsync<string>("async address => (await fetch(address)).text()", styles);

        // What a browser does not understand, it leaves out and says nothing.
        var understood = await page.View.EvaluateAsync<int>(
            """
            text => {
              const count = (rules) => [...rules].reduce((sum, rule) => sum + (rule.constructor.name === "CSSNestedDeclarations" ? 0 : 1) + count(rule.cssRules ?? []), 0);
              const sheet = new CSSStyleSheet();
              sheet.replaceSync(text);
              return count(sheet.cssRules);
            }
            """,
            text);

        Assert.True(understood > 5);
        Assert.Equal(RulesIn(text), understood);
    }

    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Home_is_for_everyone(int width, bool isDark)
    {
        await using var page = await store.OpenAsync("/", width, isDark);

        await page.CheckAsync(Looks.NameOf("home", width, isDark));
    }

    [Fact]
    public async Task Look_at_a_page_sees_what_is_wrong_with_it()
    {
        await using var page = await store.OpenAsync("/");
        await page.View.EvaluateAsync("document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>')");

        var fault = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => page.CheckAsync("home-wrong"));

        Assert.Contains("button-name", fault.Message, StringComparison.Ordinal);
    }

    // Each rule has a block, in others too; what stands in comments and quotes is none.
    private static int RulesIn(string styles)
    {
        var (rules, depth) = (0, 0);
        foreach (Match part in Braces.Matches(styles))
        {
            rules += part.Value is "{" ? 1 : 0;
            depth += part.Value switch { "{" => 1, "}" => -1, _ => 0 };
            Assert.True(depth >= 0, $"A block is closed that was not opened, before {styles[part.Index..Math.Min(styles.Length, part.Index + 80)]}");
        }
        Assert.Equal(0, depth);
        return rules;
    }

    [GeneratedRegex(@"/\*(?s:.*?)\*/|""[^""\n]*""|'[^'\n]*'|[{}]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Braces { get; }
}
