using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ServerlessMeta.Local;

/// <summary>Azurite as a child process on free ports. It ends with this process, however that ends.</summary>
public sealed partial class Azurite : IAsyncDisposable
{
    // The emulator's well-known account; not a secret.
    private const string Account = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(20);

    private readonly Process process;

    private Azurite(Process child, int blobPort, int tablePort) => (process, BlobPort, TablePort) = (child, blobPort, tablePort);

    /// <summary>The folder with Azurite's package and what runs it.</summary>
    public static string Home { get; } = typeof(Azurite).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static data => data.Key == "AzuriteFolder").Value!;

    public int BlobPort { get; }

    public int TablePort { get; }

    public int ProcessId => process.Id;

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;{Account};BlobEndpoint=http://127.0.0.1:{BlobPort}/devstoreaccount1;TableEndpoint=http://127.0.0.1:{TablePort}/devstoreaccount1;";

    /// <param name="folder">Where data is kept; null: in memory, gone with the process.</param>
    /// <exception cref="StartupException">Node is missing, or Azurite did not start.</exception>
    public static async Task<Azurite> StartAsync(string? folder, CancellationToken ct)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = Home, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] arguments =
        [
            "--no-deprecation", "azurite-host.mjs", "--blobPort", "0", "--queuePort", "0", "--tablePort", "0",
            "--skipApiVersionCheck", "--disableTelemetry", "--silent", .. folder is null ? (string[])["--inMemoryPersistence"] : ["--location", folder],
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        var child = Start(start);
        var said = new ConcurrentQueue<string>();
        var ports = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        child.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        child.OutputDataReceived += (_, line) =>
        {
            said.Enqueue(line.Data ?? "");
            if (Listening.Match(line.Data ?? "") is { Success: true } match)
            {
                ports[match.Groups["service"].Value] = int.Parse(match.Groups["port"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
                if (ports.Count == 3)
                {
                    ready.TrySetResult();
                }
            }
        };
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        var ended = child.WaitForExitAsync(ct);
        if (await Task.WhenAny(ready.Task, ended, Task.Delay(StartsWithin, TimeProvider.System, ct)) != ready.Task)
        {
            await EndAsync(child);
            throw new StartupException($"Azurite did not start: {string.Join(' ', said.Where(static line => line.Length > 0).TakeLast(5))}");
        }
        return new Azurite(child, ports["Blob"], ports["Table"]);
    }

    public async ValueTask DisposeAsync() => await EndAsync(process);

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new StartupException("Node.js was not found; install Node 20 or newer and put 'node' on the path, or give --storage.");
        }
    }

    private static async Task EndAsync(Process child)
    {
        try
        {
            child.StandardInput.Close();
            using var patience = new CancellationTokenSource(EndsWithin);
            await child.WaitForExitAsync(patience.Token);
        }
        catch (Exception stuck) when (stuck is OperationCanceledException or IOException)
        {
            child.Kill();
        }
        child.Dispose();
    }

    [GeneratedRegex(@"^Azurite (?<service>Blob|Queue|Table) service is successfully listening at http://127\.0\.0\.1:(?<port>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening { get; }
}
