using System.Collections.Concurrent;
using System.Globalization;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ServerlessMeta.BrowserTests.Hosting;

/// <summary>A page in a window of its own. At its end its console must have said nothing bad.</summary>
public sealed class OpenPage : IAsyncDisposable
{
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
        AxeResult found;
        int before;
        do
        {
            await View.WaitForFunctionAsync("!document.documentElement.hasAttribute('aria-busy')");
            before = await View.EvaluateAsync<int>("window.visits ?? 0");
            await View.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, $"{name}.png"), FullPage = true });
            found = await View.RunAxe();
        }
        while (await View.EvaluateAsync<int>("window.visits ?? 0") != before);
        Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.SelectMany(static rule => rule.Nodes.Select(node => $"{rule.Id}: {rule.Help}: {node.Html}"))));
        var (inner, outer) = (await View.EvaluateAsync<int>("document.documentElement.scrollWidth"), await View.EvaluateAsync<int>("document.documentElement.clientWidth"));
        Assert.True(inner <= outer, string.Create(CultureInfo.InvariantCulture, $"The page is {inner} px wide in a window of {outer} px."));
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
