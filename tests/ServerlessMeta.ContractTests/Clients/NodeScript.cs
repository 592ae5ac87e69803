using System.Diagnostics;
using System.Reflection;

namespace ServerlessMeta.ContractTests.Clients;

/// <summary>Runs a script of tests/clients with Node.js, as a user would.</summary>
internal static class NodeScript
{
    private static readonly string Folder = typeof(NodeScript).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static data => data.Key == "ClientsFolder").Value!;

    /// <returns>What it printed, standard output first.</returns>
    public static async Task<(int ExitCode, string Said)> RunAsync(IEnumerable<string> arguments, TimeSpan within, CancellationToken ct)
    {
        var start = new ProcessStartInfo("node", arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var node = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(within);
        try
        {
            var output = node.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = node.StandardError.ReadToEndAsync(patience.Token);
            await node.WaitForExitAsync(patience.Token);
            return (node.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            node.Kill();
            throw;
        }
    }
}
