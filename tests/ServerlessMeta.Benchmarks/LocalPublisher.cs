using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace ServerlessMeta.Benchmarks;

/// <summary>Publishes ServerlessMeta.Local as Azure would run the store: Release, ReadyToRun, framework-dependent.</summary>
internal static class LocalPublisher
{
    private const string Assembly = "ServerlessMeta.Local.dll";

    /// <returns>The path of ServerlessMeta.Local.dll.</returns>
    public static async Task<string> PublishAsync(string? published)
    {
        if (published is not null)
        {
            var given = Path.Combine(published, Assembly);
            return File.Exists(given) ? given : throw new UsageException($"{given} does not exist.");
        }
        var repository = typeof(LocalPublisher).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static data => data.Key == "RepositoryFolder").Value!;
        var folder = Path.Combine(repository, "artifacts", "benchmark", "local");
        await Console.Error.WriteLineAsync("Publishing ServerlessMeta.Local ...");
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet",
        [
            "publish", Path.Combine(repository, "functions", "ServerlessMeta.Local"), "--configuration", "Release", "--runtime", Runtime(),
            "--self-contained", "false", "--output", folder, "--verbosity", "quiet", "--nologo",
        ]) { UseShellExecute = false })!;
        await dotnet.WaitForExitAsync();
        return dotnet.ExitCode is 0 ? Path.Combine(folder, Assembly) : throw new InvalidOperationException("ServerlessMeta.Local could not be published.");
    }

    // The portable identifier: what the SDK of a Linux distribution calls itself has no packages.
    private static string Runtime()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl" : "linux";
        return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    }
}
