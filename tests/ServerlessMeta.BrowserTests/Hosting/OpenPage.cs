using System.Collections.Concurrent;
using System.Globalization;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace ServerlessMeta.BrowserTests.Hosting;

/// <summary>A page in a window of its own. At its end its console must have said nothing bad.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    // A page that is read anew while it is looked at is looked at again; one that never rests is at fault.
    private const int MostRounds = 5;
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "screenshots");
    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> errors = new();

    internal OpenPage(IBrowserContext context, IPage page)
    {
        (this.context, View) = (context, page);
        page.Console += (_, line) => Note(line.Type is "error" or "warning", $"{line.Type}: {line.Text} ({line.Location})");
        page.PageError += (_, error) => Note(true, error);
        page.Response += (_, answer) => Note(answer.Status >= 500, $"{answer.Status} {answer.Url}");
    }

    /// <summary>Playwright's own.</summary>
    public IPage View { get; }

    /// <summary>Errors that a test brings about itself, by part of their text.</summary>
    public List<string> Expected { get; } = [];

    public Task GoAsync(string path) => View.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });

    /// <summary>
    /// Whoever sees little, has no mouse or has a small screen can use it: axe finds nothing with all of its rules, nothing is wider than the window, and a screenshot is left beside the tests for people to look at.
    /// </summary>
    /// <param name="name">Of the screenshot.</param>
    public async Task CheckAsync(string name)
    {
        Directory.CreateDirectory(Folder);
        // A page that follows the store may read itself anew meanwhile: Turbo marks it as busy, and axe would see half of two pages.
        await View.EvaluateAsync("document.addEventListener('turbo:visit', () => window.visits = (window.visits ?? 0) + 1)");
        var (rounds, isWhole, faults) = (0, false, Array.Empty<string>());
        while (!isWhole)
        {
            Assert.True(++rounds <= MostRounds, $"The page was read anew in each of {MostRounds} rounds while it was looked at.");
            await View.WaitForFunctionAsync("!document.documentElement.hasAttribute('aria-busy')");
            var before = await View.EvaluateAsync<int>("window.visits ?? 0");
            await View.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, $"{name}.png"), FullPage = true });
            faults = await FaultsAsync();
            isWhole = await View.EvaluateAsync<int>("window.visits ?? 0") == before;
        }
        Assert.True(faults.Length == 0, string.Join('\n', faults));
        var (inner, outer) = (await View.EvaluateAsync<int>("document.documentElement.scrollWidth"), await View.EvaluateAsync<int>("document.documentElement.clientWidth"));
        Assert.True(inner <= outer, string.Create(CultureInfo.InvariantCulture, $"The page is {inner} px wide in a window of {outer} px."));
    }

    // By axe's own call in the page: the package's takes five times as long, for it opens a page of its own for the results each time, and carries every node that passed over to here.
    private async Task<string[]> FaultsAsync()
    {
        foreach (var frame in View.Frames)
        {
            if (!await frame.EvaluateAsync<bool>("typeof axe === 'object'"))
            {
                await frame.EvaluateAsync(Axe);
            }
        }
        return await View.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { resultTypes: ["violations"] })).violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html}`))
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        var bad = errors.Where(error => !Expected.Exists(known => error.Contains(known, StringComparison.Ordinal))).ToList();
        Assert.True(bad.Count == 0, string.Join('\n', bad));
    }

    private void Note(bool isBad, string text)
    {
        if (isBad)
        {
            errors.Enqueue(text);
        }
    }
}
