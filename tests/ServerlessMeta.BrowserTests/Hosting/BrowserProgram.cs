using System.Diagnostics;

namespace ServerlessMeta.BrowserTests.Hosting;

/// <summary>Finds a browser that speaks the protocol of Chromium, or gets one.</summary>
internal static class BrowserProgram
{
    /// <summary>The setting that names a browser's program, where none of the usual places has the wanted one.</summary>
    public const string Setting = "SERVERLESSMETA_BROWSER";

    private static readonly string[] Names = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge", "chrome.exe", "msedge.exe"];
    private static readonly TimeSpan InstallsWithin = TimeSpan.FromMinutes(8);

    private static readonly string[] Places =
    [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "Google", "Chrome", "Application", "chrome.exe"),
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFilesX86), "Google", "Chrome", "Application", "chrome.exe"),
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFilesX86), "Microsoft", "Edge", "Application", "msedge.exe"),
    ];

    public static bool IsRoot => !OperatingSystem.IsWindows() && Environment.UserName == "root";

    /// <summary>The path of a browser; null: the one that Playwright installed.</summary>
    public static async Task<string?> GetAsync(CancellationToken ct)
    {
        if (Find() is { } found)
        {
            return found;
        }
        if (IsRoot && OnPath("apt-get") is not null)
        {
            // With its libraries and fonts, as a bare Debian or Ubuntu has none.
            await RunAsync("apt-get", ["update"], ct);
            await RunAsync("apt-get", ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"], ct);
            if (Find() is { } installed)
            {
                return installed;
            }
        }
        return Microsoft.Playwright.Program.Main(["install", "chromium"]) == 0
            ? null
            : throw new InvalidOperationException($"The browser tests need Chrome, Chromium or Edge: none was found and none could be installed. Install one, or name its program in {Setting}.");
    }

    private static string? Find() =>
        Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } named ? named : Names.Select(OnPath).Concat(Places.Where(File.Exists)).FirstOrDefault(static one => one is not null);

    private static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static async Task RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(InstallsWithin);
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token), process.WaitForExitAsync(patience.Token));
    }
}
