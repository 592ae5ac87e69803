using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>The table of an experiment's runs, saved under a name, shared, changed and found again.</summary>
public sealed class ViewTests(BrowserFixture store)
{
    private const string LongName = "A name as long as people write them when they want to say everything at once, also what it is not";
    private static readonly SemaphoreSlim Gate = new(1);
    private static string? seeded;

    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Views_are_for_everyone(int width, bool isDark)
    {
        var experiment = await SeedAsync();
        await using var page = await store.OpenAsync($"/experiments/{experiment}/views/best", width, isDark);
        await page.View.Locator("tr[data-run]").First.WaitForAsync();
        await page.View.Locator(".trend svg").First.WaitForAsync();

        await Menu(page, "View:").ClickAsync();
        await page.CheckAsync(Looks.NameOf("views-menu", width, isDark));
        await page.View.Keyboard.PressAsync("Escape");

        await Menu(page, "This view").ClickAsync();
        await page.CheckAsync(Looks.NameOf("views-this", width, isDark));
        await page.View.Keyboard.PressAsync("Escape");

        await Menu(page, "Save as a view").ClickAsync();
        await page.CheckAsync(Looks.NameOf("views-save", width, isDark));
        await page.View.Keyboard.PressAsync("Escape");

        await page.GoAsync($"/experiments/{experiment}?filter=metrics.acc+%3E+0.1&saved=long");
        await page.View.Locator("tr[data-run]").First.WaitForAsync();
        await page.CheckAsync(Looks.NameOf("views-changed", width, isDark));
    }

    [Theory]
    [InlineData(900)]
    [InlineData(1260)]
    public async Task Menus_stay_in_a_window_of_any_width(int width)
    {
        await using var page = await store.OpenAsync($"/experiments/{await SeedAsync()}?filter=metrics.acc+%3E+0.1&saved=long", width);
        foreach (var name in new[] { "View:", "This view", "Save as a view" })
        {
            await Menu(page, name).ClickAsync();
            Assert.True(await page.View.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth && document.querySelector('.views details[open] .panel').getBoundingClientRect().right <= innerWidth"), name);
        }
        await page.View.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"views-middle-{width}.png") });
    }

    [Fact]
    public async Task Table_is_saved_shared_changed_saved_again_renamed_and_deleted()
    {
        var experiment = await LogAsync("views walk");
        await using var page = await store.OpenAsync($"/experiments/{experiment}");
        page.View.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await FilterAsync(page, "metrics.acc > 0.5", 4);
        await Assertions.Expect(page.View.Locator(".views .badge")).ToHaveTextAsync("changed");

        await Menu(page, "Save as a view").ClickAsync();
        await page.View.GetByLabel("Name", new() { Exact = true }).FillAsync("Good <b>ones</b>");
        await page.View.GetByRole(AriaRole.Checkbox, new() { Name = "Share with everyone" }).CheckAsync();
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        await Assertions.Expect(Menu(page, "View:")).ToHaveTextAsync("View: Good <b>ones</b>");
        await Assertions.Expect(page.View.Locator("view-changes")).ToBeHiddenAsync();
        Assert.Contains("filter=metrics.acc", page.View.Url, StringComparison.Ordinal);
        var view = (await ViewsAsync(experiment)).Single()!;
        Assert.Equal("Good <b>ones</b> True metrics.acc > 0.5", $"{view["name"]} {view["shared"]!.GetValue<bool>()} {view["query"]!["filter"]}");

        await FilterAsync(page, "metrics.acc > 0.3", 6);
        await Assertions.Expect(page.View.Locator("view-changes .badge")).ToBeVisibleAsync();
        await page.View.Locator("thead").GetByRole(AriaRole.Link, new() { Name = "acc", Exact = true }).ClickAsync();
        await page.View.Locator("th[aria-sort=descending]", new() { HasText = "acc" }).WaitForAsync();
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Assertions.Expect(page.View.Locator("view-changes")).ToBeHiddenAsync();
        view = (await ViewsAsync(experiment)).Single()!;
        Assert.Equal("Good <b>ones</b> True metrics.acc > 0.3 metrics.acc DESC", $"{view["name"]} {view["shared"]!.GetValue<bool>()} {view["query"]!["filter"]} {view["query"]!["order"]}");

        await page.View.Locator("thead").GetByRole(AriaRole.Link, new() { Name = "acc", Exact = true }).ClickAsync();
        await page.View.GetByRole(AriaRole.Link, new() { Name = "Undo" }).ClickAsync();
        await page.View.Locator("th[aria-sort=descending]", new() { HasText = "acc" }).WaitForAsync();
        await Assertions.Expect(page.View.Locator("view-changes")).ToBeHiddenAsync();
        // What was kept of the view is shown first, and then what the store says.
        await page.View.WaitForFunctionAsync("!document.documentElement.hasAttribute('aria-busy') && !document.documentElement.hasAttribute('data-turbo-preview')");

        await Menu(page, "This view").ClickAsync();
        await page.View.Locator(".linked").GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        var link = await page.View.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Equal($"{store.Address}/experiments/{experiment}/views/{view["id"]}", link);
        var form = page.View.GetByRole(AriaRole.Form, new() { Name = "Name and sharing" });
        await form.GetByLabel("Name", new() { Exact = true }).FillAsync("Renamed");
        await form.GetByRole(AriaRole.Checkbox).UncheckAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Save name and sharing" }).ClickAsync();
        await Assertions.Expect(Menu(page, "View:")).ToHaveTextAsync("View: Renamed");
        view = (await ViewsAsync(experiment)).Single()!;
        Assert.Equal("Renamed False metrics.acc > 0.3", $"{view["name"]} {view["shared"]!.GetValue<bool>()} {view["query"]!["filter"]}");

        await page.GoAsync(link);
        Assert.Equal("6", await page.View.Locator(".count strong").TextContentAsync());
        await Menu(page, "This view").ClickAsync();
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Delete this view" }).ClickAsync();
        await Assertions.Expect(Menu(page, "View:")).ToHaveTextAsync("View: All runs");
        Assert.Empty(await ViewsAsync(experiment));
        Assert.Contains("filter=metrics.acc", page.View.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_that_another_made_meanwhile_is_not_overwritten()
    {
        var experiment = await LogAsync("views race");
        await PutAsync(experiment, "v", new { name = "Race", query = new { filter = "metrics.acc > 0.5" } });
        await using var page = await store.OpenAsync($"/experiments/{experiment}/views/v");
        page.Expected.Add("412");
        await FilterAsync(page, "metrics.acc > 0.3", 6);
        await PutAsync(experiment, "v", new { name = "Race", query = new { filter = "metrics.acc > 0.9" } });

        await page.View.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();

        await page.View.GetByText("was changed by another writer").WaitForAsync();
        Assert.Equal("metrics.acc > 0.9", (await ViewsAsync(experiment)).Single()!["query"]!["filter"]!.ToString());
    }

    [Fact]
    public async Task What_charts_are_set_to_is_saved_and_comes_back()
    {
        var experiment = await LogAsync("views charts");
        await using var page = await store.OpenAsync($"/experiments/{experiment}?view=charts");
        var lines = page.View.Locator("[data-chart=lines]");
        await lines.GetByText("acc of 8 runs").WaitForAsync();
        await lines.GetByLabel("Smoothing").FillAsync("0.6");
        await lines.Locator("select[name=band]").SelectOptionAsync("lr");
        await Menu(page, "Save as a view").ClickAsync();
        await page.View.GetByLabel("Name", new() { Exact = true }).FillAsync("Smooth");
        await page.View.GetByLabel("Name", new() { Exact = true }).PressAsync("Enter");
        await Assertions.Expect(Menu(page, "View:")).ToHaveTextAsync("View: Smooth");
        Assert.Equal("charts 0.6 lr", (await ViewsAsync(experiment)).Single()!["query"] is { } query ? $"{query["view"]} {query["smooth"]} {query["band"]}" : "");
        await Assertions.Expect(page.View.Locator("view-changes")).ToBeHiddenAsync();

        await lines.GetByLabel("Smoothing").FillAsync("0.2");
        await Assertions.Expect(page.View.Locator("view-changes")).ToBeVisibleAsync();
        await FilterAsync(page, "metrics.acc > 0.5", null);
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Assertions.Expect(page.View.Locator("view-changes")).ToBeHiddenAsync();
        Assert.Equal("metrics.acc > 0.5 0.2 lr", (await ViewsAsync(experiment)).Single()!["query"] is { } saved ? $"{saved["filter"]} {saved["smooth"]} {saved["band"]}" : "");

        await page.GoAsync($"/experiments/{experiment}");
        await Menu(page, "View:").ClickAsync();
        await page.View.GetByRole(AriaRole.Link, new() { Name = "Smooth" }).ClickAsync();
        await lines.GetByText("acc of 4 runs").WaitForAsync();
        Assert.Equal("0.2", await lines.GetByLabel("Smoothing").InputValueAsync());
    }

    [Fact]
    public async Task Charts_that_are_set_back_are_what_was_saved()
    {
        var experiment = await LogAsync("views set back");
        await PutAsync(experiment, "plain", new { name = "Plain", query = new { view = "charts" } });
        await PutAsync(experiment, "said", new { name = "Said", query = new { view = "charts", metric = "acc", x = "step", top = "10" } });
        foreach (var id in new[] { "plain", "said" })
        {
            await using var page = await store.OpenAsync($"/experiments/{experiment}/views/{id}");
            var address = page.View.Url;
            var (lines, changes) = (page.View.Locator("[data-chart=lines]"), page.View.Locator("view-changes"));
            await lines.GetByText("acc of 8 runs").WaitForAsync();

            await lines.GetByLabel("Smoothing").FillAsync("0.2");
            await lines.Locator("select[name=x]").SelectOptionAsync("time");
            await lines.Locator("select[name=top]").SelectOptionAsync("5");
            await Assertions.Expect(changes).ToBeVisibleAsync();
            await lines.GetByLabel("Smoothing").FillAsync("0");
            await lines.Locator("select[name=x]").SelectOptionAsync("step");
            await lines.Locator("select[name=top]").SelectOptionAsync("10");

            await Assertions.Expect(changes).ToBeHiddenAsync();
            Assert.Equal(Sorted(address), Sorted(page.View.Url));
            await page.View.ReloadAsync();
            await Assertions.Expect(changes).ToBeHiddenAsync();
        }

        static IEnumerable<string> Sorted(string address) => address.Split('?', '&').Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Charts_show_and_offer_any_number_that_a_view_says()
    {
        var experiment = await LogAsync("views odd numbers");
        await PutAsync(experiment, "odd", new { name = "Odd", query = new { view = "charts", top = "7", smooth = "0.65" } });
        await using var page = await store.OpenAsync($"/experiments/{experiment}/views/odd");
        var (lines, changes) = (page.View.Locator("[data-chart=lines]"), page.View.Locator("view-changes"));

        await lines.GetByText("acc of 7 runs").WaitForAsync();
        Assert.Equal("7", await lines.Locator("select[name=top]").InputValueAsync());
        Assert.Equal(["first 5", "first 7", "first 10", "first 25", "first 50", "first 100"], await lines.Locator("select[name=top] option").AllTextContentsAsync());
        Assert.Equal("0.65", await lines.GetByLabel("Smoothing").InputValueAsync());

        await lines.Locator("select[name=top]").SelectOptionAsync("5");
        await lines.GetByText("acc of 5 runs").WaitForAsync();
        await Assertions.Expect(changes).ToBeVisibleAsync();
        await lines.Locator("select[name=top]").SelectOptionAsync("7");
        await Assertions.Expect(changes).ToBeHiddenAsync();
    }

    [Fact]
    public async Task View_is_chosen_by_the_keyboard_and_all_runs_are_one_step_away()
    {
        await using var page = await store.OpenAsync($"/experiments/{await SeedAsync()}");
        await Menu(page, "View:").FocusAsync();

        await page.View.Keyboard.PressAsync("Enter");
        await page.View.Keyboard.PressAsync("Tab");
        Assert.Equal("All runs", await page.View.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.View.Keyboard.PressAsync("Escape");
        Assert.True(await Menu(page, "View:").EvaluateAsync<bool>("summary => summary === document.activeElement && !summary.parentElement.open"));
        await page.View.Keyboard.PressAsync("Enter");
        await page.View.Keyboard.PressAsync("Tab");
        await page.View.Keyboard.PressAsync("Tab");
        await page.View.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Menu(page, "View:")).Not.ToHaveTextAsync("View: All runs");

        await Menu(page, "View:").ClickAsync();
        await page.View.GetByRole(AriaRole.Link, new() { Name = "All runs" }).ClickAsync();
        await Assertions.Expect(Menu(page, "View:")).ToHaveTextAsync("View: All runs");
        await Assertions.Expect(page.View.Locator(".count strong")).ToHaveTextAsync("8");
    }

    [Fact]
    public async Task View_is_chosen_without_scripts_and_the_table_still_knows_it_when_it_is_changed()
    {
        await using var page = await store.OpenAsync($"/experiments/{await SeedAsync()}", hasScripts: false);

        await Menu(page, "View:").ClickAsync();
        await page.View.GetByRole(AriaRole.Link, new() { Name = "Best models", Exact = true }).ClickAsync();
        Assert.Equal("4", await page.View.Locator(".count strong").TextContentAsync());
        Assert.Equal("View: Best models", await Menu(page, "View:").TextContentAsync());
        Assert.True(await page.View.Locator("view-changes").IsHiddenAsync());

        await page.View.GetByLabel("Filter", new() { Exact = true }).FillAsync("metrics.acc > 0.3");
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Filter", Exact = true }).ClickAsync();
        Assert.Equal("6", await page.View.Locator(".count strong").TextContentAsync());
        Assert.True(await page.View.Locator("view-changes .badge").IsVisibleAsync());
        await page.View.GetByRole(AriaRole.Link, new() { Name = "Undo" }).ClickAsync();
        Assert.Equal("4", await page.View.Locator(".count strong").TextContentAsync());
    }

    private static ILocator Menu(OpenPage page, string name) => page.View.Locator(".views summary", new() { HasText = name });

    private static async Task FilterAsync(OpenPage page, string filter, int? total)
    {
        await page.View.GetByLabel("Filter", new() { Exact = true }).FillAsync(filter);
        await page.View.GetByLabel("Filter", new() { Exact = true }).PressAsync("Enter");
        if (total is { } count)
        {
            await Assertions.Expect(page.View.Locator(".count strong")).ToHaveTextAsync($"{count}");
        }
        else
        {
            await page.View.WaitForURLAsync("**filter=**");
        }
    }

    private async Task<JsonArray> ViewsAsync(string experiment)
    {
        using var http = new HttpClient();
        return JsonNode.Parse(await http.GetStringAsync(new Uri($"{store.Address}/api/v1/experiments/{experiment}/views")))!["views"]!.AsArray();
    }

    private async Task PutAsync(string experiment, string id, object view)
    {
        using var http = new HttpClient();
        using var answer = await http.PutAsJsonAsync(new Uri($"{store.Address}/api/v1/experiments/{experiment}/views/{id}"), view);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    // Once for the tests that only look: an experiment with views.
    private async Task<string> SeedAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (seeded is null)
            {
                var experiment = await LogAsync("views");
                await PutAsync(experiment, "best", new { name = "Best models", description = "What we show on Mondays.", shared = true, query = new { filter = "metrics.acc > 0.5", order = "metrics.acc DESC", columns = "metrics.acc, params.lr" } });
                await PutAsync(experiment, "groups", new { name = "By learning rate", shared = true, query = new { group = "params.lr" } });
                await PutAsync(experiment, "long", new { name = LongName, query = new { filter = "metrics.acc > 0.2" } });
                await PutAsync(experiment, "charts", new { name = "Curves", query = new { view = "charts", smooth = "0.6" } });
                seeded = experiment;
            }
            return seeded;
        }
        finally
        {
            Gate.Release();
        }
    }

    // Eight runs whose acc is one eighth, two eighths and so on.
    private async Task<string> LogAsync(string name)
    {
        using var http = new HttpClient { BaseAddress = new Uri(store.Address + "/api/2.0/mlflow/") };
        var experiment = (await PostAsync("experiments/create", new { name }))["experiment_id"]!.ToString();
        for (var i = 0; i < 8; i++)
        {
            var run = (await PostAsync("runs/create", new { experiment_id = experiment, run_name = $"run-{i}", start_time = 1_780_000_000_000 + (i * 60_000) }))["run"]!["info"]!["run_id"]!.ToString();
            await PostAsync("runs/log-batch", new
            {
                run_id = run,
                metrics = Enumerable.Range(0, 4).Select(step => new { key = "acc", value = (i + 1) / 8.0 * step / 3, step, timestamp = 1_780_000_000_000 + step }),
                @params = new[] { new { key = "lr", value = i % 2 == 0 ? "0.1" : "0.01" } },
            });
            await PostAsync("runs/update", new { run_id = run, status = "FINISHED", end_time = 1_780_000_900_000 });
        }
        return experiment;

        async Task<JsonNode> PostAsync(string path, object body)
        {
            using var answer = await http.PostAsJsonAsync(path, body);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }
    }
}
