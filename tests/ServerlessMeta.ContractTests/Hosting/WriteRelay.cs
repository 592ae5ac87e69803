using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace ServerlessMeta.ContractTests.Hosting;

/// <summary>Stands between a process and one port of its storage: holds each write until it is judged, and can kill the process just before or just after it takes effect.</summary>
public sealed partial class WriteRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> open = new();
    private readonly CancellationTokenSource ended = new();
    private readonly Task accepting;
    private readonly int port;
    private readonly Func<string, Task<Fate>> judge;
    private readonly Func<Task> kill;

    /// <param name="port">Where the storage listens.</param>
    /// <param name="judge">Says what becomes of a write of some kind, such as <c>rules ~s ~e</c>: the table, and what is added (+), put or merged (~) or removed (-), by the letters of the keys.</param>
    /// <param name="kill">Ends the process.</param>
    public WriteRelay(int port, Func<string, Task<Fate>> judge, Func<Task> kill)
    {
        (this.port, this.judge, this.kill) = (port, judge, kill);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        foreach (var connection in open.Keys)
        {
            connection.Client?.Close(0);
        }
        listener.Dispose();
        await accepting;
        ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await listener.AcceptTcpClientAsync(ended.Token));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The relay ends.
        }
    }

    private async Task RelayAsync(TcpClient near)
    {
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        (open[near], open[far]) = (true, true);
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, port, ended.Token);
            var isAwaited = new StrongBox<bool>();
            await Task.WhenAny(AskAsync(near.GetStream(), far.GetStream(), isAwaited), AnswerAsync(far.GetStream(), near.GetStream(), isAwaited));
        }
        catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Either side went away.
        }
        finally
        {
            open.TryRemove(near, out _);
            open.TryRemove(far, out _);
            near.Dispose();
        }
    }

    // A client asks one thing at a time on a connection.
    private async Task AskAsync(NetworkStream near, NetworkStream far, StrongBox<bool> isAwaited)
    {
        while (await ReadAsync(near) is { } request)
        {
            switch (KindOf(request) is { } kind ? await judge(kind) : Fate.Passes)
            {
                case Fate.KillsBefore:
                    await kill();
                    return;
                case Fate.KillsAfter:
                    Volatile.Write(ref isAwaited.Value, true);
                    break;
            }
            await far.WriteAsync(request.Bytes, ended.Token);
        }
    }

    private async Task AnswerAsync(NetworkStream far, NetworkStream near, StrongBox<bool> isAwaited)
    {
        var buffer = new byte[64 * 1024];
        while (await far.ReadAsync(buffer, ended.Token) is > 0 and var read)
        {
            if (Volatile.Read(ref isAwaited.Value))
            {
                await kill();
                return;
            }
            await near.WriteAsync(buffer.AsMemory(0, read), ended.Token);
        }
    }

    private async Task<Request?> ReadAsync(NetworkStream near)
    {
        var read = new ArrayBufferWriter<byte>(4096);
        for (var (head, whole) = (0, int.MaxValue); ;)
        {
            var count = await near.ReadAsync(read.GetMemory(4096), ended.Token);
            if (count == 0)
            {
                return null;
            }
            read.Advance(count);
            if (head == 0 && read.WrittenSpan.IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                head = end + 4;
                var lines = Encoding.ASCII.GetString(read.WrittenSpan[..head]);
                whole = head + (Length.Match(lines) is { Success: true } length ? int.Parse(length.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) : 0);
                Assert.DoesNotContain("\r\nTransfer-Encoding:", lines, StringComparison.OrdinalIgnoreCase);
            }
            if (read.WrittenCount >= whole)
            {
                return new Request(read.WrittenMemory, head);
            }
        }
    }

    // Null: it writes nothing, or prepares storage as a store does when it starts.
    private static string? KindOf(Request request)
    {
        var text = Encoding.UTF8.GetString(request.Bytes.Span);
        if (text.StartsWith("GET ", StringComparison.Ordinal) || text.StartsWith("HEAD ", StringComparison.Ordinal) || Preparing.IsMatch(text))
        {
            return null;
        }
        var (kind, isAdded) = (new StringBuilder(), false);
        foreach (Match step in Steps.Matches(text))
        {
            var (verb, row) = (step.Groups["verb"].Value, step.Groups["row"].Success ? step.Groups["row"] : step.Groups["added"]);
            if (kind.Length == 0 && step.Groups["table"].Success)
            {
                kind.Append(step.Groups["table"].ValueSpan);
            }
            isAdded = verb == "POST" || (isAdded && verb.Length == 0);
            if (row.Success && $" {(isAdded ? '+' : verb == "DELETE" ? '-' : '~')}{Uri.UnescapeDataString(row.Value).Split('|')[0]}" is var one && !$"{kind} ".Contains(one + ' ', StringComparison.Ordinal))
            {
                kind.Append(one);
            }
        }
        return kind.Length > 0 ? kind.ToString() : text.Split(' ')[1].Split('/')[2] + (IsResult(request) ? " result" : " blob");
    }

    // Results alone are compressed JSON.
    private static bool IsResult(Request request)
    {
        try
        {
            return ServerlessMeta.Monitoring.Deflated.Unpack(request.Bytes[request.Head..].ToArray()) is [(byte)'{', ..];
        }
        catch (Exception other) when (other is InvalidDataException or IOException or ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\r\nContent-Length: *(?<n>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Length { get; }

    [GeneratedRegex(@"^(POST \S*/Tables|PUT \S*restype=container)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Preparing { get; }

    [GeneratedRegex(@"^(?<verb>POST|PUT|MERGE|PATCH|DELETE) \S*?/devstoreaccount1/(?<table>\w+)(\(PartitionKey='[^']*',RowKey='(?<row>[^']*)'\))?(\?\S*)? HTTP|(?<!\w)""RowKey"":""(?<added>[^""]*)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Steps { get; }

    private sealed record Request(ReadOnlyMemory<byte> Bytes, int Head);
}
