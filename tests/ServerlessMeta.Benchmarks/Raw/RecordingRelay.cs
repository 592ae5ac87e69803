using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServerlessMeta.Benchmarks.Raw;

/// <summary>
/// A relay before Azurite's tables that notes what passes: so the raw calls that the store is compared with have the same verb, headers and bytes.
/// No measured call goes through it.
/// </summary>
internal sealed class RecordingRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly List<MemoryStream> streams = [];
    private readonly Uri target;
    private readonly Task accepting;

    public RecordingRelay(Uri target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What was sent so far, connection by connection.</summary>
    public List<RecordedRequest> Requests()
    {
        lock (streams)
        {
            return [.. streams.SelectMany(static stream => Parse(stream.ToArray()))];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(ending.Token);
            _ = RelayAsync(client);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            var noted = new MemoryStream();
            lock (streams)
            {
                streams.Add(noted);
            }
            await server.ConnectAsync(IPAddress.Loopback, target.Port, ending.Token);
            var back = server.GetStream().CopyToAsync(client.GetStream(), ending.Token);
            await Task.WhenAny(ForwardAsync(client.GetStream(), server.GetStream(), noted), back);
        }
    }

    private async Task ForwardAsync(NetworkStream from, NetworkStream to, MemoryStream noted)
    {
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer, ending.Token)) > 0)
        {
            lock (streams)
            {
                noted.Write(buffer, 0, count);
            }
            await to.WriteAsync(buffer.AsMemory(0, count), ending.Token);
        }
    }

    private static IEnumerable<RecordedRequest> Parse(byte[] bytes)
    {
        for (int at = 0, end; (end = bytes.AsSpan(at).IndexOf("\r\n\r\n"u8)) >= 0;)
        {
            var lines = Encoding.ASCII.GetString(bytes, at, end).Split("\r\n");
            var first = lines[0].Split(' ');
            var headers = lines.Skip(1).Select(static line => (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())).ToList();
            at += end + 4;
            var size = headers.Where(static header => header.Item1.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Select(static header => int.Parse(header.Item2, System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault();
            if (at + size > bytes.Length || headers.Exists(static header => header.Item1.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)))
            {
                throw new InvalidDataException($"{lines[0]} was not noted whole.");
            }
            yield return new RecordedRequest(first[0], first[1], headers, bytes[at..(at + size)]);
            at += size;
        }
    }
}
