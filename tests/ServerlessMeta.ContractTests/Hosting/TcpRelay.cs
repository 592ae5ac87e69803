using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ServerlessMeta.ContractTests.Hosting;

/// <summary>Stands between a store and one port of its storage, and can cut every connection, at once or after so many more answers began.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> open = new();
    private readonly CancellationTokenSource ended = new();
    private readonly Task accepting;
    private readonly int port;
    private volatile bool cut;
    private int answersLeft = int.MaxValue;

    public TcpRelay(int port)
    {
        this.port = port;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Cut()
    {
        cut = true;
        foreach (var connection in open.Keys)
        {
            connection.Client?.Close(0);
        }
    }

    /// <summary>Cuts when the answer after the next <paramref name="answers"/> arrives: it took effect, but nobody hears of it.</summary>
    public void CutAfter(int answers) => Volatile.Write(ref answersLeft, answers);

    public void Mend()
    {
        Volatile.Write(ref answersLeft, int.MaxValue);
        cut = false;
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        Cut();
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
                var near = await listener.AcceptTcpClientAsync(ended.Token);
                if (cut)
                {
                    near.Client.Close(0);
                    continue;
                }
                _ = RelayAsync(near);
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
            await Task.WhenAny(PumpAsync(near, far, false), PumpAsync(far, near, true));
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

    private async Task PumpAsync(TcpClient from, TcpClient to, bool answers)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, ended.Token) is > 0 and var read)
        {
            if (answers && buffer.AsSpan(0, read).StartsWith("HTTP/1.1"u8) && Volatile.Read(ref answersLeft) != int.MaxValue && Interlocked.Decrement(ref answersLeft) < 0)
            {
                Cut();
                return;
            }
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), ended.Token);
        }
    }
}
