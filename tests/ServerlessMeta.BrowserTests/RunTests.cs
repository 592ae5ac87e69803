using System.Globalization;
using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>The page of a run.</summary>
public sealed class RunTests(BrowserFixture store)
{
    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Every_tab_is_for_everyone(int width, bool isDark)
    {
        var run = await LoggedRun.StartAsync(store.Address, "for everyone", 0.4);
        await run.FinishAsync();
        await using var page = await store.OpenAsync($"/runs/{run.Id}", width, isDark);
        await CommentAsync(page, run, "Looks **good**.");

        foreach (var tab in new[] { "summary", "metrics", "artifacts&path=eval%2Fconfusion_matrix.json", "artifacts&path=eval%2Ftable.csv", "artifacts&path=notes%2Freadme.md", "io", "environment", "anomalies", "comments", "audit" })
        {
            await page.GoAsync($"/runs/{run.Id}?tab={tab}");
            if (tab == "metrics")
            {
                await Chart(page, "val/f1").WaitForAsync();
            }
            await page.CheckAsync(Looks.NameOf($"run-{tab.Replace("&path=", "-", StringComparison.Ordinal).Replace("%2F", "-", StringComparison.Ordinal)}", width, isDark));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Charts_are_drawn_over_step_or_time_on_a_log_scale_smoothed_and_larger()
    {
        var run = await LoggedRun.StartAsync(store.Address, "charts", 0.4);
        await run.FinishAsync();
        await using var page = await store.OpenAsync($"/runs/{run.Id}?tab=metrics");
        await Chart(page, "val/f1").Locator("canvas").WaitForAsync();
        Assert.Equal("60", await Chart(page, "val/f1").GetAttributeAsync("data-points"));
        var over = await PictureAsync();

        await page.View.GetByLabel("Over").SelectOptionAsync("relative");
        var time = await PictureAsync();
        await page.View.GetByLabel("Log scale").CheckAsync();
        var log = await PictureAsync();
        await page.View.GetByLabel("Smoothing").FillAsync("0.9");
        var smooth = await PictureAsync();
        var figure = page.View.Locator("figure").Filter(new() { HasText = "val/f1" });
        var before = (await figure.BoundingBoxAsync())!.Width;
        await figure.GetByRole(AriaRole.Button, new() { Name = "Larger" }).ClickAsync();

        Assert.Equal(4, new[] { over, time, log, smooth }.Distinct(StringComparer.Ordinal).Count());
        Assert.True((await figure.BoundingBoxAsync())!.Width > before);

        async Task<string> PictureAsync() => Convert.ToBase64String(await Chart(page, "val/f1").ScreenshotAsync());
    }

    [Fact(Timeout = 90_000)]
    public async Task New_points_of_a_run_that_goes_on_reach_its_chart_by_themselves()
    {
        var run = await LoggedRun.StartAsync(store.Address, "goes on", 0.4);
        await using var page = await store.OpenAsync($"/runs/{run.Id}?tab=metrics");
        await page.View.Locator("metric-chart[data-key='val/f1'][data-points='60']").WaitForAsync();
        await page.View.Locator("live-dot[data-state=live]").First.WaitForAsync();
        await page.View.EvaluateAsync("document.querySelector(\"metric-chart[data-key='val/f1'] canvas\").mark = 'kept'");

        await run.LogAsync(60, 15, 0.4);

        await page.View.Locator("metric-chart[data-key='val/f1'][data-points='75']").WaitForAsync();
        await page.View.GetByText("at step 74").First.WaitForAsync();
        Assert.Equal("kept", await page.View.EvaluateAsync<string>("document.querySelector(\"metric-chart[data-key='val/f1'] canvas\").mark"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Comment_is_written_answered_and_changed()
    {
        var run = await LoggedRun.StartAsync(store.Address, "talked about", 0.4);
        await run.FinishAsync();
        await using var page = await store.OpenAsync($"/runs/{run.Id}");

        await CommentAsync(page, run, "Looks **good**.");
        var first = page.View.Locator("#comment-1");
        await first.Locator("summary").Filter(new() { HasText = "Answer" }).ClickAsync();
        await first.GetByLabel("Answer to").FillAsync("Why?");
        await first.GetByRole(AriaRole.Button, new() { Name = "Answer" }).ClickAsync();
        await page.View.Locator("#comment-2").GetByText("answers 1").WaitForAsync();
        await first.Locator("summary").Filter(new() { HasText = "Change" }).ClickAsync();
        await first.GetByLabel("Text").FillAsync("Looks fine.");
        await first.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await first.GetByText("Looks fine.").First.WaitForAsync();
        await first.GetByText("edited").WaitForAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Notes_are_written_in_markdown()
    {
        var run = await LoggedRun.StartAsync(store.Address, "noted", 0.4);
        await run.FinishAsync();
        await using var page = await store.OpenAsync($"/runs/{run.Id}");

        await page.View.Locator("summary").Filter(new() { HasText = "Change" }).ClickAsync();
        await page.View.GetByLabel("Notes (Markdown)").FillAsync("It was **colder** <script>alert(1)</script>");
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await page.View.Locator(".markdown strong").Filter(new() { HasText = "colder" }).WaitForAsync();
        Assert.Equal(0, await page.View.Locator("main script").CountAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Files_are_found_in_their_tree_and_shown_without_scripts()
    {
        var run = await LoggedRun.StartAsync(store.Address, "files", 0.4);
        await using var page = await store.OpenAsync($"/runs/{run.Id}?tab=artifacts", hasScripts: false);

        await page.View.GetByRole(AriaRole.Link, new() { Name = "eval/" }).ClickAsync();
        await page.View.GetByRole(AriaRole.Link, new() { Name = "confusion_matrix.json" }).ClickAsync();

        Assert.Equal(["50", "2", "3", "40"], await page.View.Locator("table.matrix td.hit, table.matrix td.miss").AllTextContentsAsync());
        Assert.EndsWith("/eval/confusion_matrix.json", await page.View.GetByRole(AriaRole.Link, new() { Name = "Download" }).GetAttributeAsync("href"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Environment_is_compared_with_another_run()
    {
        var (one, other) = (await LoggedRun.StartAsync(store.Address, "one", 0.4), await LoggedRun.StartAsync(store.Address, "other", 0.3));
        await one.FinishAsync();
        await using var page = await store.OpenAsync($"/runs/{one.Id}?tab=environment");

        await page.View.GetByLabel("Id of the other run").FillAsync(other.Id);
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();

        var differences = page.View.GetByRole(AriaRole.Region, new() { Name = "Differences" });
        await differences.WaitForAsync();
        Assert.Contains("numpy 0.4 0.3", string.Join(' ', await differences.Locator("tbody tr > *").AllInnerTextsAsync()), StringComparison.Ordinal);
    }

    private static ILocator Chart(OpenPage page, string key) => page.View.Locator(string.Create(CultureInfo.InvariantCulture, $"metric-chart[data-key='{key}'][data-points]"));

    private static async Task CommentAsync(OpenPage page, LoggedRun run, string text)
    {
        await page.GoAsync($"/runs/{run.Id}?tab=comments");
        await page.View.GetByLabel("Say something").FillAsync(text);
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Comment" }).ClickAsync();
        await page.View.Locator("#comment-1 strong").WaitForAsync();
    }
}
