using System.Globalization;
using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;
using ServerlessMeta.Local;

namespace ServerlessMeta.BrowserTests;

/// <summary>What somebody does on the first day, in a store just started, from the empty home page to the model in production whose drift had it retrained.</summary>
public sealed class NewcomerWalkTests(BrowserFixture browser)
{
    [Fact]
    public async Task Store_is_started_a_model_trained_compared_approved_promoted_and_seen_to_drift()
    {
        await using var local = await LocalProcess.StartAsync(typeof(Azurite).Assembly.Location, ["--in-memory", "--timers-every", "2"], null, CancellationToken.None);
        await using var page = await browser.OpenAsync("/", of: local.Url);
        var view = page.View;
        await Assertions.Expect(view.GetByRole(AriaRole.Heading, new() { Name = "Log a run" })).ToBeVisibleAsync();

        await SeesTrainingAsync(view, local.Url);
        await FindsAndComparesAsync(view);
        await RegistersAndApprovesAsync(page);
        await SeesDriftAsync(page, local);
    }

    // Nothing is loaded anew by hand: the run comes to the open page, its points to the chart, and its end to the badge.
    private static async Task SeesTrainingAsync(IPage view, Uri store)
    {
        var training = BrowserFixture.RunAsync(["train.mjs", store.ToString()], TimeSpan.FromMinutes(2));
        await view.Locator("#running + ul a[href^='/runs/']").ClickAsync();
        await view.GetByRole(AriaRole.Link, new() { Name = "Metrics", Exact = true }).ClickAsync();
        await view.Locator("metric-chart[data-key=holdout_f1][data-points='120']").WaitForAsync();
        await view.Locator(".badge", new() { HasText = "finished" }).First.WaitForAsync();
        await training;

        await view.GetByRole(AriaRole.Link, new() { Name = "seattle-rain" }).First.ClickAsync();
        var rows = view.Locator("tr[data-run]");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        training = BrowserFixture.RunAsync(["train.mjs", store.ToString(), "0.05"], TimeSpan.FromMinutes(2));
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await training;
        await Assertions.Expect(rows.Filter(new() { HasText = "finished" })).ToHaveCountAsync(2);
    }

    private static async Task FindsAndComparesAsync(IPage view)
    {
        var filter = view.GetByLabel("Filter", new() { Exact = true });
        await filter.FillAsync("params.learning_rate = '0.05'");
        await filter.PressAsync("Enter");
        await Assertions.Expect(view.Locator("tr[data-run]")).ToHaveCountAsync(1);
        await filter.FillAsync("");
        await filter.PressAsync("Enter");
        await Assertions.Expect(view.Locator("tr[data-run]")).ToHaveCountAsync(2);

        foreach (var box in await view.Locator("tr[data-run] input[type=checkbox]").AllAsync())
        {
            await box.CheckAsync();
        }
        await view.GetByRole(AriaRole.Button, new() { Name = "Compare 2" }).ClickAsync();
        await Assertions.Expect(view.Locator(".verdict")).ToContainTextAsync("; learning rate differs.");
        Assert.Contains("learning_rate", await view.GetByRole(AriaRole.Region, new() { Name = "Params" }).Locator("tbody th").AllTextContentsAsync());
    }

    private static async Task RegistersAndApprovesAsync(OpenPage page)
    {
        var view = page.View;
        // What the policy refuses is a line in the console, too.
        page.Expected.Add("409");
        var run = view.GetByRole(AriaRole.Region, new() { Name = "What is compared" }).Locator("a[href^='/runs/']").First;
        var address = (await run.GetAttributeAsync("href"))!;
        await run.ClickAsync();
        await view.GetByRole(AriaRole.Link, new() { Name = "Register a model" }).ClickAsync();
        await view.GetByLabel("Model", new() { Exact = true }).FillAsync("rain");
        await Assertions.Expect(view.GetByLabel("Where its files lie")).ToHaveValueAsync($"runs:{address["/runs".Length..]}/model");
        await view.GetByRole(AriaRole.Button, new() { Name = "Register" }).ClickAsync();
        await Assertions.Expect(view.GetByRole(AriaRole.Heading, new() { Name = "rain", Level = 1 })).ToBeVisibleAsync();

        await view.GetByRole(AriaRole.Link, new() { Name = "Policy and decisions" }).ClickAsync();
        await view.GetByText("Change the policy").ClickAsync();
        await view.GetByLabel("Aliases, each with what it asks for, as JSON").FillAsync("""{"production": {"approvals": {"count": 1, "notByAuthor": false}}}""");
        await view.GetByRole(AriaRole.Button, new() { Name = "Set the policy" }).ClickAsync();
        await Assertions.Expect(view.GetByText("One person approves it; nobody rejects it.")).ToBeVisibleAsync();

        await page.GoAsync("/models/rain/versions/1");
        var gate = view.GetByRole(AriaRole.Region, new() { Name = "alias production" });
        await gate.GetByRole(AriaRole.Button, new() { Name = "Give alias production to version 1" }).ClickAsync();
        await Assertions.Expect(gate.GetByRole(AriaRole.Alert)).ToContainTextAsync("Alias 'production' is guarded by a policy; not met: approval of 1 person: none");
        await view.GetByLabel("Comment", new() { Exact = true }).FillAsync("It knows the winter.");
        await view.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Assertions.Expect(view.GetByText("It knows the winter.")).ToBeVisibleAsync();
        await Assertions.Expect(gate.GetByText("may be given to this version")).ToBeVisibleAsync();
        await gate.GetByRole(AriaRole.Button, new() { Name = "Give alias production to version 1" }).ClickAsync();
        await Assertions.Expect(gate.GetByText("held by this version")).ToBeVisibleAsync();

        await view.GetByRole(AriaRole.Button, new() { Name = "Verify the files now" }).ClickAsync();
        await Assertions.Expect(view.GetByText("intact")).ToBeVisibleAsync();
        await view.GetByRole(AriaRole.Link, new() { Name = "Comments and history" }).ClickAsync();
        await view.GetByLabel("Say something").FillAsync("Who waters the **garden**?");
        await view.GetByRole(AriaRole.Button, new() { Name = "Comment", Exact = true }).ClickAsync();
        await Assertions.Expect(view.Locator(".feed strong", new() { HasText = "garden" })).ToBeVisibleAsync();
        await Assertions.Expect(view.GetByText("gave alias production to version 1")).ToBeVisibleAsync();
        await page.GoAsync("/");
        await Assertions.Expect(view.GetByRole(AriaRole.Region, new() { Name = "In production" }).GetByRole(AriaRole.Link, new() { Name = "rain 1" })).ToBeVisibleAsync();
    }

    private static async Task SeesDriftAsync(OpenPage page, LocalProcess local)
    {
        var view = page.View;
        await BrowserFixture.RunAsync(["drift.mjs", local.Url.ToString().TrimEnd('/'), local.AmqpPort.ToString(CultureInfo.InvariantCulture)], TimeSpan.FromMinutes(5));
        await view.GetByRole(AriaRole.Link, new() { Name = "Monitoring", Exact = true }).First.ClickAsync();
        await view.GetByRole(AriaRole.Region, new() { Name = "What is watched" }).GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(view.GetByRole(AriaRole.Region, new() { Name = "Drift of columns over windows" })).ToBeVisibleAsync();
        await Assertions.Expect(view.Locator("window-chart canvas").First).ToBeVisibleAsync();
        await page.CheckAsync(Looks.NameOf("walk-drift", 1400, isDark: false));

        await page.GoAsync("/triggers?state=completed");
        var chain = view.GetByRole(AriaRole.List, new() { Name = "From cause to verdict" }).First;
        Assert.Equal(["Cause", "Trigger", "Run", "Version", "Verdict"], await chain.Locator("li > .soft").AllTextContentsAsync());
        await Assertions.Expect(chain.GetByRole(AriaRole.Link)).ToHaveCountAsync(5);
        await Assertions.Expect(chain).ToContainTextAsync("it helped");
        await chain.GetByRole(AriaRole.Link).Last.ClickAsync();
        await Assertions.Expect(view.GetByRole(AriaRole.Heading, new() { Name = "Verdict" })).ToBeVisibleAsync();
        await Assertions.Expect(view.GetByRole(AriaRole.Region, new() { Name = "Before and after" })).ToContainTextAsync("rmse");
        await page.CheckAsync(Looks.NameOf("walk-verdict", 1400, isDark: false));
    }
}
