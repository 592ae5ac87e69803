using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ServerlessMeta.ContractTests.Native;

/// <summary>The README of a rebuild, followed to the letter.</summary>
internal static partial class Readme
{
    public static IEnumerable<string> CommandsIn(string readme) => Block.Matches(readme).Select(static match => match.Groups["commands"].Value);

    public static async Task<string> RunAsync(string folder, string commands, CancellationToken ct)
    {
        var start = new ProcessStartInfo("sh", ["-e", "-c", commands]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        Assert.True(process.ExitCode == 0, $"{commands}\n{await output}\n{await errors}");
        return await output;
    }

    [GeneratedRegex("^(?<fence>`{3,})sh\n(?<commands>.*?)\n\\k<fence>$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Block { get; }
}
