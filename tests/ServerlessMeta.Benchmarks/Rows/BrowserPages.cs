using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>What somebody who looks at the pages waits for: the largest paint, the table of another filter, a new point in a chart. Nothing where no browser is on the path.</summary>
internal static class BrowserPages
{
    private const int Turns = 7;
    private const float Rhythm = 3000;
    private static readonly string[] Browsers = ["google-chrome", "chromium", "chromium-browser", "microsoft-edge"];

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(Uri store, string said, string experiment, (string Name, string Address)[] pages)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (Browsers.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists) is not { } program)
        {
            Rig.Say("no browser on the path: what a browser shows is not measured");
            return [];
        }
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu"] });
        var figures = new List<Figure>();
        foreach (var (name, address) in pages)
        {
            figures.Add(await PaintAsync(browser, store, $"page {name}, {said} runs", address));
        }
        figures.Add(await FilterAsync(browser, store, said, experiment));
        figures.Add(await LiveAsync(browser, store, said, experiment));
        return figures;
    }

    private static async Task<Figure> PaintAsync(IBrowser browser, Uri store, string name, string address)
    {
        var paints = new List<double>();
        for (var turn = 0; turn < 3; turn++)
        {
            var page = await browser.NewPageAsync(new BrowserNewPageOptions { BaseURL = store.ToString() });
            await page.GotoAsync(address);
            paints.Add(await page.EvaluateAsync<double>(
                "() => new Promise((done) => { new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true }); setTimeout(() => done(-1), 3000); })"));
            await page.CloseAsync();
        }
        return Figure.AtMost($"{name}: largest paint", 1000, Rounds.Median(paints), "ms", note: "a browser with nothing cached, median of 3");
    }

    // From the key that asks for it to the table in the document.
    private static async Task<Figure> FilterAsync(IBrowser browser, Uri store, string said, string experiment)
    {
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { BaseURL = store.ToString() });
        await page.GotoAsync($"/experiments/{experiment}");
        var times = new List<double>();
        for (var turn = 0; turn <= Turns; turn++)
        {
            // Who reads a table first lets the page bring the rows below it and the trends.
            await page.WaitForTimeoutAsync(1000);
            var took = await page.EvaluateAsync<double>(
                """
                (filter) => new Promise((done) => {
                  const box = document.querySelector("input[name=filter]");
                  box.value = filter;
                  const asked = performance.now();
                  document.addEventListener("turbo:render", () => done(performance.now() - asked), { once: true });
                  box.form.requestSubmit();
                })
                """,
                string.Create(CultureInfo.InvariantCulture, $"metrics.m_00 > 0.{turn + 101} and params.p_00 = '3'"));
            if (turn > 0)
            {
                times.Add(took);
            }
        }
        await page.CloseAsync();
        return Figure.AtMost($"another filter, on a page at rest, to its table in the document, {said} runs: p50", 150, Rounds.Median(times), "ms", note: string.Create(CultureInfo.InvariantCulture, $"at most {times.Max():0} ms of {Turns}, in a browser without graphics acceleration"));
    }

    private static async Task<Figure> LiveAsync(IBrowser browser, Uri store, string said, string experiment)
    {
        using var connection = new WireConnection(store);
        var run = Store.CreateRun(connection, experiment);
        Log(0);
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { BaseURL = store.ToString() });
        await page.GotoAsync($"/runs/{run}?tab=metrics");
        await PointsAsync(1);
        var times = new List<double>();
        for (var turn = 1; turn <= Turns; turn++)
        {
            // At every moment of the page's own rhythm alike.
            await page.WaitForTimeoutAsync(turn * Rhythm / Turns);
            var logged = TimeProvider.System.GetTimestamp();
            Log(turn);
            await PointsAsync(turn + 1);
            times.Add(TimeProvider.System.GetElapsedTime(logged).TotalSeconds);
        }
        await page.CloseAsync();
        return Figure.AtMost($"a logged point to the chart of an open run, {said} runs: p50", 4, Rounds.Median(times), "s", note: string.Create(CultureInfo.InvariantCulture, $"at most {times.Max():0.0} s of {Turns}"));

        void Log(int step) => Store.Must(connection, connection.Exchange(HttpText.Post("runs/log-batch", JsonSerializer.Serialize(
            new { run_id = run, metrics = (object[])[new { key = "loss", value = 1.0 / (step + 1), timestamp = 1_790_000_000_000 + step, step }] }))));

        Task PointsAsync(int count) => page.Locator($"metric-chart[data-key=loss][data-points='{count}']").WaitForAsync();
    }
}
