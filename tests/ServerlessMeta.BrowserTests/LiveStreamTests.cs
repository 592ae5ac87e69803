using System.Collections.Concurrent;
using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;

namespace ServerlessMeta.BrowserTests;

/// <summary>Pages whose reader chose that they hold a connection.</summary>
public sealed class LiveStreamTests(BrowserFixture store)
{
    private const string Stream = "text/event-stream";

    [Fact]
    public async Task New_points_reach_the_chart_and_nothing_is_asked_meanwhile()
    {
        var run = await LoggedRun.StartAsync(store.Address, "held", 0.4);
        await using var page = await store.OpenAsync($"/runs/{run.Id}?tab=metrics");
        await PointsAsync(page, 60);
        var asked = Watch(page);
        await ChooseAsync(page);

        await run.LogAsync(60, 15, 0.4);
        await PointsAsync(page, 75);
        await page.View.WaitForTimeoutAsync(4_000);
        await run.LogAsync(75, 5, 0.4);
        await PointsAsync(page, 80);

        Assert.Equal([Stream], asked);
        await StateAsync(page, "live");
    }

    [Fact]
    public async Task Choice_is_remembered_and_can_be_taken_back()
    {
        await using var page = await store.OpenAsync("/experiments");
        await ChooseAsync(page);
        var asked = Watch(page);

        await page.GoAsync("/models");
        await StateAsync(page, "live");
        Assert.Equal([Stream], asked);
        await MenuAsync(page);
        await Choice(page).UncheckAsync();

        await page.View.RunAndWaitForRequestAsync(static () => Task.CompletedTask, static request => IsEvents(request) && !IsStream(request));
        await StateAsync(page, "live");
    }

    [Fact]
    public async Task Stream_that_fails_leaves_asking_and_no_gap()
    {
        var run = await LoggedRun.StartAsync(store.Address, "broken off", 0.4);
        await using var page = await store.OpenAsync($"/runs/{run.Id}?tab=metrics");
        page.Expected.Add("ERR_FAILED");
        await PointsAsync(page, 60);
        await page.View.RouteAsync("**/api/v1/events**", static route => IsStream(route.Request) ? route.AbortAsync() : route.ContinueAsync());
        await MenuAsync(page);
        await Choice(page).CheckAsync();

        await run.LogAsync(60, 15, 0.4);

        await PointsAsync(page, 75);
        await StateAsync(page, "live");
    }

    [Fact]
    public async Task Message_that_cannot_be_handled_ends_the_connection_and_leaves_no_gap()
    {
        var run = await LoggedRun.StartAsync(store.Address, "not understood", 0.4);
        await using var page = await store.OpenAsync($"/runs/{run.Id}?tab=metrics");
        await PointsAsync(page, 60);
        await ChooseAsync(page);
        var ended = new TaskCompletionSource();
        page.View.RequestFailed += (_, request) => _ = IsStream(request) && ended.TrySetResult();
        await page.View.EvaluateAsync("""
            const parse = JSON.parse;
            JSON.parse = (text, ...more) => {
              if (String(text).includes("specversion")) throw new SyntaxError("A message that nobody understands.");
              return parse(text, ...more);
            };
            """);

        await run.LogAsync(60, 15, 0.4);

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await PointsAsync(page, 75);
        await StateAsync(page, "live");
    }

    [Fact]
    public async Task Stream_that_fails_again_and_again_is_tried_less_and_less()
    {
        await using var page = await store.OpenAsync("/queues");
        await page.View.Clock.InstallAsync();
        await page.View.AddInitScriptAsync("""
            window.tries = [];
            const ask = window.fetch;
            window.fetch = (address, options) => {
              if (options?.headers?.Accept !== "text/event-stream") return ask(address, options);
              window.tries.push(performance.now());
              return Promise.reject(new Error("Nothing comes through here."));
            };
            """);
        await page.GoAsync("/experiments");
        await StateAsync(page, "live");
        await MenuAsync(page);
        await Choice(page).CheckAsync();

        for (var round = 0; round < 200 && await page.View.EvaluateAsync<int>("window.tries.length") < 3; round++)
        {
            await page.View.Clock.FastForwardAsync(3_000);
            // Meanwhile the page asks, which takes real time.
            await page.View.WaitForTimeoutAsync(100);
        }

        var tries = await page.View.EvaluateAsync<double[]>("window.tries");
        Assert.Equal(3, tries.Length);
        Assert.InRange(tries[1] - tries[0], 30_000, 59_000);
        Assert.InRange(tries[2] - tries[1], 60_000, 119_000);
    }

    [Fact]
    public async Task Hidden_tab_holds_nothing_and_goes_on_where_it_was()
    {
        var run = await LoggedRun.StartAsync(store.Address, "hidden for a while", 0.4);
        await using var page = await store.OpenAsync($"/runs/{run.Id}?tab=metrics");
        page.Expected.Add("ERR_ABORTED");
        await PointsAsync(page, 60);
        await ChooseAsync(page);
        var ended = new TaskCompletionSource();
        page.View.RequestFailed += (_, request) => ended.TrySetResult();
        page.View.RequestFinished += (_, request) => _ = IsStream(request) && ended.TrySetResult();

        await page.View.EvaluateAsync("""
            Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
            document.dispatchEvent(new Event("visibilitychange"));
            """);
        await StateAsync(page, "paused");
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var asked = Watch(page);
        await run.LogAsync(60, 15, 0.4);
        await page.View.WaitForTimeoutAsync(4_000);
        Assert.Empty(asked);
        await page.View.EvaluateAsync("""delete document.hidden; document.dispatchEvent(new Event("visibilitychange"))""");

        await PointsAsync(page, 75);
        await StateAsync(page, "live");
        Assert.Equal([Stream], asked);
    }

    [Theory]
    [MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Choice_is_for_everyone(int width, bool isDark)
    {
        await using var page = await store.OpenAsync("/queues", width, isDark);
        await page.GoAsync("/experiments");
        await StateAsync(page, "live");
        await MenuAsync(page);

        await page.CheckAsync(Looks.NameOf("live-menu", width, isDark));
    }

    private static ILocator Choice(OpenPage page) => page.View.GetByLabel("Hold a connection");

    private static Task MenuAsync(OpenPage page) => page.View.Locator("live-dot summary").ClickAsync();

    private static async Task ChooseAsync(OpenPage page)
    {
        await StateAsync(page, "live");
        await MenuAsync(page);
        await page.View.RunAndWaitForResponseAsync(() => Choice(page).CheckAsync(), static answer => IsStream(answer.Request) && answer.Ok);
        await MenuAsync(page);
    }

    private static Task StateAsync(OpenPage page, string state) => page.View.Locator($"live-dot[data-state={state}]").WaitForAsync();

    private static Task PointsAsync(OpenPage page, int count) => page.View.Locator($"metric-chart[data-key='val/f1'][data-points='{count}']").WaitForAsync();

    private static ConcurrentQueue<string> Watch(OpenPage page)
    {
        var asked = new ConcurrentQueue<string>();
        page.View.Request += (_, request) =>
        {
            if (IsEvents(request))
            {
                asked.Enqueue(request.Headers["accept"]);
            }
        };
        return asked;
    }

    private static bool IsEvents(IRequest request) => request.Url.Contains("/api/v1/events", StringComparison.Ordinal);

    private static bool IsStream(IRequest request) => IsEvents(request) && request.Headers["accept"] == Stream;
}
