using System.Diagnostics;
using System.Runtime.InteropServices;
using ServerlessMeta.Tests.House;

namespace ServerlessMeta.Tests.Infra;

/// <summary>Runs a program to its end.</summary>
internal static class Tool
{
    /// <summary>The Bicep compiler; null where the package that brings it has no build for this system.</summary>
    public static string? Bicep { get; } = Repository.Metadata("BicepPath") is { Length: > 0 } path ? path : null;

    public static bool HasBicepPackage => OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture is Architecture.X64;

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program, string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Repository.Root };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var ct = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, await output, await error);
    }
}
