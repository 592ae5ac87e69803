using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>An experiment with more runs than a page has rows: found, ordered, grouped, selected, charted.</summary>
public sealed class RunTableTests(BrowserFixture store)
{
    private const int Runs = 240;
    private static readonly SemaphoreSlim Gate = new(1);
    private static string? seeded;

    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Table_is_for_everyone(int width, bool isDark)
    {
        await using var page = await store.OpenAsync(await SeedAsync(), width, isDark);

        await page.View.Locator(".trend svg").First.WaitForAsync();
        await page.CheckAsync(Looks.NameOf("run-table", width, isDark));
    }

    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Charts_are_for_everyone(int width, bool isDark)
    {
        await using var page = await store.OpenAsync($"{await SeedAsync()}?view=charts", width, isDark);

        await page.View.Locator("[data-chart=contour] canvas").First.WaitForAsync();
        await page.View.GetByText("accuracy of 10 runs").WaitForAsync();
        await page.CheckAsync(Looks.NameOf("run-charts", width, isDark));
    }

    [Fact]
    public async Task Filter_is_completed_while_it_is_written_and_leaves_the_focus_where_it_is()
    {
        await using var page = await store.OpenAsync(await SeedAsync());
        var filter = page.View.GetByLabel("Filter", new() { Exact = true });

        await filter.ClickAsync();
        await filter.PressSequentiallyAsync("optim");
        await page.View.GetByRole(AriaRole.Option, new() { Name = "params.optimizer" }).WaitForAsync();
        await filter.PressAsync("ArrowDown");
        await filter.PressAsync("Enter");
        await filter.PressSequentiallyAsync("= 'sgd' a");
        await page.View.GetByRole(AriaRole.Option, new() { Name = "AND", Exact = true }).ClickAsync();
        await filter.PressSequentiallyAsync("metrics.accuracy > 0.5");
        await filter.PressAsync("Enter");

        await Assertions.Expect(Total(page)).ToHaveTextAsync("80");
        Assert.Equal("params.optimizer = 'sgd' AND metrics.accuracy > 0.5", await filter.InputValueAsync());
        Assert.True(await page.View.EvaluateAsync<bool>("document.activeElement.name === 'filter'"));
        Assert.Contains("filter=params.optimizer", page.View.Url, StringComparison.Ordinal);

        await page.View.GoBackAsync();
        await Assertions.Expect(Total(page)).ToHaveTextAsync("240");
    }

    [Fact]
    public async Task Values_are_completed_and_asked_for_once()
    {
        await using var page = await store.OpenAsync(await SeedAsync());
        var filter = page.View.GetByLabel("Filter", new() { Exact = true });
        var asked = 0;
        page.View.Request += (_, request) => asked += request.Url.Contains("/values?", StringComparison.Ordinal) ? 1 : 0;

        await filter.ClickAsync();
        await filter.PressSequentiallyAsync("params.optimizer = ");
        await page.View.GetByRole(AriaRole.Option, new() { Name = "'adam'" }).WaitForAsync();
        await page.CheckAsync("filter-values");
        await filter.PressSequentiallyAsync("'li");
        await Assertions.Expect(page.View.Locator("filter-box").GetByRole(AriaRole.Option)).ToHaveTextAsync(["'lion'"]);
        await filter.PressAsync("ArrowDown");
        await filter.PressAsync("Enter");
        await filter.PressSequentiallyAsync("AND params.depth >= ");
        await page.View.Locator("filter-box").GetByRole(AriaRole.Option, new() { Name = "8", Exact = true }).ClickAsync();
        await filter.PressAsync("Enter");

        await Assertions.Expect(Total(page)).ToHaveTextAsync("11");
        Assert.Equal("params.optimizer = 'lion' AND params.depth >= 8", (await filter.InputValueAsync()).Trim());
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Completions_that_did_not_come_are_asked_for_again(bool isRefused)
    {
        await using var page = await store.OpenAsync(await SeedAsync());
        page.Expected.Add(isRefused ? "503" : "ERR_FAILED");
        var (names, values) = (await FailOnceAsync("**/names"), await FailOnceAsync("**/values?**"));
        var filter = page.View.GetByLabel("Filter", new() { Exact = true });
        var options = page.View.Locator("filter-box").GetByRole(AriaRole.Option);

        await filter.ClickAsync();
        await names;
        await filter.PressSequentiallyAsync("optim", new() { Delay = 50 });
        await Assertions.Expect(options).ToHaveTextAsync(["params.optimizer"]);
        await filter.FillAsync("params.optimizer = ");
        await values;
        await filter.PressSequentiallyAsync("'ad", new() { Delay = 50 });
        await Assertions.Expect(options).ToHaveTextAsync(["'adam'"]);

        async Task<Task> FailOnceAsync(string address)
        {
            var failed = new TaskCompletionSource();
            await page.View.RouteAsync(
                address,
                async route =>
                {
                    await (isRefused ? route.FulfillAsync(new() { Status = 503 }) : route.AbortAsync());
                    failed.TrySetResult();
                },
                new() { Times = 1 });
            return failed.Task;
        }
    }

    [Fact]
    public async Task Wrong_filter_is_shown_at_its_place_with_and_without_scripts()
    {
        foreach (var hasScripts in (bool[])[true, false])
        {
            await using var page = await store.OpenAsync(await SeedAsync(), hasScripts: hasScripts);

            await page.View.GetByLabel("Filter", new() { Exact = true }).FillAsync("metrics.accuracy > 0.5 AND colour = 'red'");
            await page.View.GetByRole(AriaRole.Button, new() { Name = "Filter", Exact = true }).ClickAsync();

            await page.View.GetByRole(AriaRole.Alert).WaitForAsync();
            Assert.Equal("colour = 'red'", await page.View.Locator("mark").TextContentAsync());
        }
    }

    [Fact]
    public async Task Click_on_a_header_sorts_by_the_better_end_first()
    {
        await using var page = await store.OpenAsync(await SeedAsync());
        var header = page.View.GetByRole(AriaRole.Columnheader).Filter(new() { Has = page.View.GetByRole(AriaRole.Link, new() { Name = "accuracy", Exact = true }) });

        await header.GetByRole(AriaRole.Link).ClickAsync();
        await page.View.Locator("th[aria-sort=descending]", new() { HasText = "accuracy" }).WaitForAsync();
        await page.View.Locator("tr[data-run]").First.Locator("[data-heat=best]").First.WaitForAsync();

        await header.GetByRole(AriaRole.Link).ClickAsync();
        await page.View.Locator("th[aria-sort=ascending]", new() { HasText = "accuracy" }).WaitForAsync();
    }

    [Fact]
    public async Task Columns_are_chosen_and_stand_in_the_link()
    {
        await using var page = await store.OpenAsync(await SeedAsync());

        await page.View.Locator("summary", new() { HasText = "Columns" }).ClickAsync();
        await page.View.GetByRole(AriaRole.Checkbox, new() { Name = "loss" }).UncheckAsync();
        await page.View.GetByRole(AriaRole.Checkbox, new() { Name = "team" }).CheckAsync();
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Show these" }).ClickAsync();
        await page.View.Locator("thead").GetByRole(AriaRole.Link, new() { Name = "team" }).WaitForAsync();

        await page.View.ReloadAsync();
        await page.View.Locator("thead").GetByRole(AriaRole.Link, new() { Name = "team" }).WaitForAsync();
        Assert.Equal(0, await page.View.Locator("thead").GetByRole(AriaRole.Link, new() { Name = "loss" }).CountAsync());
    }

    [Fact]
    public async Task Every_run_is_reached_by_scrolling_and_selection_stays()
    {
        await using var page = await store.OpenAsync(await SeedAsync());
        await page.View.Locator("run-table [data-all]:visible").WaitForAsync();
        await page.View.GetByLabel("Select run-000").CheckAsync();

        await page.View.Locator(".runs").EvaluateAsync("frame => { frame.scrollTop = frame.scrollHeight; }");
        await page.View.GetByLabel("Select run-239").CheckAsync();
        Assert.InRange(await page.View.Locator("tr[data-run]").CountAsync(), 1, 239);
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Compare 2" }).WaitForAsync();

        await page.View.Locator(".runs").EvaluateAsync("frame => { frame.scrollTop = 0; }");
        await page.View.GetByLabel("Select run-000").WaitForAsync();
        Assert.True(await page.View.GetByLabel("Select run-000").IsCheckedAsync());

        await page.View.ReloadAsync();
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Compare 2" }).WaitForAsync();
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Chart selected" }).ClickAsync();
        await page.View.GetByText("accuracy of 2 runs").WaitForAsync();
    }

    [Fact]
    public async Task Runs_are_paged_grouped_and_narrowed_without_scripts()
    {
        await using var page = await store.OpenAsync(await SeedAsync(), hasScripts: false);
        Assert.Equal(50, await page.View.Locator("tr[data-run]").CountAsync());
        for (var next = 0; next < 4; next++)
        {
            await page.View.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        }
        Assert.Equal(40, await page.View.Locator("tr[data-run]").CountAsync());

        await page.View.Locator("summary", new() { HasText = "Group" }).ClickAsync();
        await page.View.Locator("select[name=group]").SelectOptionAsync("params.optimizer");
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Group" }).ClickAsync();
        Assert.Equal(["adam", "lion", "sgd"], (await page.View.Locator("tbody th a").AllTextContentsAsync()).Order(StringComparer.Ordinal));
        Assert.Contains(" ± ", await page.View.Locator("tbody").TextContentAsync(), StringComparison.Ordinal);

        await page.View.GetByRole(AriaRole.Link, new() { Name = "lion" }).ClickAsync();
        Assert.Equal("80", await Total(page).TextContentAsync());
    }

    [Fact]
    public async Task Lines_are_smoothed_banded_and_kept_in_the_link()
    {
        await using var page = await store.OpenAsync($"{await SeedAsync()}?view=charts");
        var lines = page.View.Locator("[data-chart=lines]");
        await lines.GetByText("accuracy of 10 runs").WaitForAsync();

        await lines.Locator("select[name=metric]").SelectOptionAsync("loss");
        await lines.GetByText("loss of 10 runs").WaitForAsync();
        await lines.Locator("select[name=top]").SelectOptionAsync("25");
        await lines.GetByText("loss of 25 runs").WaitForAsync();
        await lines.Locator("select[name=band]").SelectOptionAsync("optimizer");
        await lines.GetByLabel("Smoothing").FillAsync("0.6");
        await lines.GetByLabel("Logarithmic").CheckAsync();
        await lines.Locator("select[name=x]").SelectOptionAsync("relative");
        await lines.GetByText("loss of 25 runs").WaitForAsync();

        Assert.All(new[] { "metric=loss", "top=25", "band=optimizer", "smooth=0.6", "log=on", "x=relative" }, part => Assert.Contains(part, page.View.Url, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Brush_over_an_axis_filters_the_table()
    {
        await using var page = await store.OpenAsync($"{await SeedAsync()}?view=charts");
        var card = page.View.Locator("[data-chart=parallel]");
        await card.GetByText("240 runs over").WaitForAsync();
        var canvas = card.Locator(".chart");
        await canvas.ScrollIntoViewIfNeededAsync();
        var box = (await canvas.BoundingBoxAsync())!;

        // The first axis stands 48 px from the left.
        await page.View.Mouse.MoveAsync(box.X + 48, box.Y + 60);
        await page.View.Mouse.DownAsync();
        await page.View.Mouse.MoveAsync(box.X + 48, box.Y + 120, new() { Steps = 5 });
        await page.View.Mouse.UpAsync();
        await card.GetByText("of 240 runs pass there").WaitForAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Filter the table by this" }).ClickAsync();

        await page.View.Locator("tr[data-run]").First.WaitForAsync();
        Assert.InRange(int.Parse((await Total(page).TextContentAsync())!, CultureInfo.InvariantCulture), 1, Runs - 1);
    }

    private static ILocator Total(OpenPage page) => page.View.Locator(".count strong");

    // Once for all tests: the address of the experiment's page.
    private async Task<string> SeedAsync()
    {
        await Gate.WaitAsync();
        try
        {
            return seeded ??= await LogAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    private async Task<string> LogAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri(store.Address + "/api/2.0/mlflow/") };
        var experiment = (await PostAsync("experiments/create", new { name = "run table" }))["experiment_id"]!.ToString();
        await Parallel.ForEachAsync(Enumerable.Range(0, Runs), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var run = (await PostAsync("runs/create", new { experiment_id = experiment, run_name = $"run-{i:d3}", start_time = 1_780_000_000_000 - (i * 60_000) }))["run"]!["info"]!["run_id"]!.ToString();
            var rate = 0.1 * (1 + (i % 5));
            await PostAsync("runs/log-batch", new
            {
                run_id = run,
                metrics = Enumerable.Range(0, 6).SelectMany(step => new[] { Point("accuracy", 0.6 + (rate * step / 20) + (0.0001 * i), step), Point("loss", 1 - (rate * step / 6), step) }),
                @params = new[] { new { key = "lr", value = rate.ToString("0.0", CultureInfo.InvariantCulture) }, new { key = "depth", value = (2 + (i % 7)).ToString(CultureInfo.InvariantCulture) }, new { key = "optimizer", value = (i % 3) switch { 0 => "adam", 1 => "sgd", _ => "lion" } } },
                tags = new[] { new { key = "team", value = i % 2 == 0 ? "vision" : "text" } },
            });
            await PostAsync("runs/update", new { run_id = run, status = "FINISHED", end_time = 1_780_000_040_000 - (i * 60_000) });
        });
        return $"/experiments/{experiment}";

        async Task<JsonNode> PostAsync(string path, object body)
        {
            using var answer = await http.PostAsJsonAsync(path, body);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }

        static object Point(string key, double value, int step) => new { key, value, step, timestamp = 1_780_000_000_000 + (step * 1000) };
    }
}
