using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ServerlessMeta.Testing;

/// <summary>ServerlessMeta.Local as a child process, on ports of its own choice unless told otherwise.</summary>
public sealed class LocalProcess : IAsyncDisposable
{
    private const string UrlLine = "ServerlessMeta answers at ";
    private const string AmqpLine = "Service Bus stand-in at ";
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private bool ended;

    private LocalProcess(Process started, Uri url, Uri amqp) => (process, Url, AmqpPort) = (started, url, amqp.Port);

    public Uri Url { get; }

    public int AmqpPort { get; }

    public long WorkingSet
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>The most that the process had in memory at once. Where the system does not say: what it has now.</summary>
    public long PeakWorkingSet
    {
        get
        {
            process.Refresh();
            return Math.Max(process.PeakWorkingSet64, process.WorkingSet64);
        }
    }

    /// <summary>What it has used of processors since it started.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <param name="assembly">Where ServerlessMeta.Local.dll lies.</param>
    /// <param name="arguments">Its command line without --urls and --amqp-port.</param>
    /// <param name="settings">Environment variables that it gets besides.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<LocalProcess> StartAsync(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[assembly, "--urls", "http://127.0.0.1:0", "--amqp-port", "0", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        Uri? url = null;
        var addresses = new TaskCompletionSource<(Uri Http, Uri Amqp)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new ConcurrentQueue<string>();
        var child = new Process { StartInfo = start };
        child.OutputDataReceived += (_, line) =>
        {
            said.Enqueue(line.Data ?? "");
            if (line.Data?.StartsWith(UrlLine, StringComparison.Ordinal) is true)
            {
                url = new Uri(line.Data[UrlLine.Length..]);
            }
            else if (line.Data?.StartsWith(AmqpLine, StringComparison.Ordinal) is true)
            {
                addresses.TrySetResult((url!, new Uri(line.Data[AmqpLine.Length..].Split(' ')[0])));
            }
        };
        child.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        child.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill(child);
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(StartsWithin);
        if (await Task.WhenAny(addresses.Task, child.WaitForExitAsync(patience.Token)) != addresses.Task)
        {
            await EndAsync(child);
            throw new InvalidOperationException($"ServerlessMeta.Local did not start: {string.Join(' ', said.Where(static line => line.Length > 0).TakeLast(10))}");
        }
        var (http, amqp) = await addresses.Task;
        return new LocalProcess(child, http, amqp);
    }

    /// <summary>Ends the process as a crash does: at once, without a word.</summary>
    public async Task CrashAsync(CancellationToken ct)
    {
        process.Kill();
        await process.WaitForExitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (!ended)
        {
            ended = true;
            await EndAsync(process);
        }
    }

    // Asked first, as a user's Ctrl-C does, so that Azurite ends in order; and when even the force of the second way were needed, Azurite ends by itself.
    private static async Task EndAsync(Process child)
    {
        try
        {
            if (!child.HasExited && !OperatingSystem.IsWindows())
            {
                using var ask = Process.Start("kill", ["-TERM", child.Id.ToString(CultureInfo.InvariantCulture)]);
                using var patience = new CancellationTokenSource(EndsWithin);
                await child.WaitForExitAsync(patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is ended below.
        }
        Kill(child);
        child.Dispose();
    }

    private static void Kill(Process child)
    {
        try
        {
            child.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended, or was disposed after its end.
        }
    }
}
