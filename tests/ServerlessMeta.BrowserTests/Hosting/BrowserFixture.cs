using Microsoft.Playwright;
using ServerlessMeta.BrowserTests.Hosting;
using ServerlessMeta.ContractTests.Clients;
using ServerlessMeta.Local;

[assembly: AssemblyFixture(typeof(BrowserFixture))]

namespace ServerlessMeta.BrowserTests.Hosting;

/// <summary>One store, as a user starts it, and one browser for all tests. What real clients logged is there when a test asks for it; each test adds what it needs under names of its own.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const float Patience = 90_000;
    private readonly Lazy<Task> trained;
    private IPlaywright? playwright;
    private IBrowser? browser;
    private LocalProcess? local;

    public BrowserFixture() => trained = new Lazy<Task>(() => RunAsync(["train.mjs", Address], TimeSpan.FromMinutes(2)));

    public string Address => local!.Url.ToString().TrimEnd('/');

    public int AmqpPort => local!.AmqpPort;

    public async ValueTask InitializeAsync()
    {
        var starting = LocalProcess.StartAsync(typeof(Azurite).Assembly.Location, ["--in-memory", "--timers-every", "2"], null, CancellationToken.None);
        var program = await BrowserProgram.GetAsync(CancellationToken.None);
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = ["--disable-gpu", "--disable-background-networking", .. BrowserProgram.IsRoot ? (string[])["--no-sandbox"] : []],
        });
        local = await starting;
    }

    /// <summary>The experiment <c>seattle-rain</c> with a run of <c>train.mjs</c>, trained once for all tests.</summary>
    public Task TrainedAsync() => trained.Value;

    /// <summary>Opens a page on the store; whoever disposes it learns of errors on its console.</summary>
    /// <param name="width">Of the window: 1400 as on a desk, 400 as on a phone.</param>
    /// <param name="isDark">Which colours the system asks for.</param>
    /// <param name="hasScripts">Whether scripts run.</param>
    /// <param name="of">The store, where it is another than that of all tests.</param>
    public async Task<OpenPage> OpenAsync(string path, int width = 1400, bool isDark = false, bool hasScripts = true, Uri? of = null)
    {
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = of?.ToString() ?? Address,
            ViewportSize = new ViewportSize { Width = width, Height = width > 1000 ? 900 : 800 },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            JavaScriptEnabled = hasScripts,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        // Long, for other tests use the machine too; a page that is there is not waited for.
        context.SetDefaultTimeout(Patience);
        var page = new OpenPage(context, await context.NewPageAsync());
        await page.GoAsync(path);
        return page;
    }

    /// <summary>Runs a client of tests/clients against the store; it must end well.</summary>
    public static async Task RunAsync(IEnumerable<string> arguments, TimeSpan within)
    {
        var (exitCode, said) = await NodeScript.RunAsync(arguments, within, CancellationToken.None);
        Assert.True(exitCode is 0, said);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }
        playwright?.Dispose();
        if (local is not null)
        {
            await local.DisposeAsync();
        }
    }
}
