using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Amqp;

namespace ServerlessMeta.Local.Broker;

/// <summary>Listens on loopback, of both families where there are two, and hands the library connections that are past their handshake.</summary>
internal sealed class AmqpListener : TransportProvider
{
    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(10);

    private readonly TimeProvider time;
    private readonly List<Socket> listening = [];
    private readonly Channel<AmqpTransport> accepted = Channel.CreateUnbounded<AmqpTransport>();
    private readonly CancellationTokenSource closing = new();

    /// <param name="port">0: a free one.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public AmqpListener(int port, TimeProvider time)
    {
        this.time = time;
        var first = Listen(IPAddress.Loopback, port);
        Port = ((IPEndPoint)first.LocalEndPoint!).Port;
        try
        {
            if (Socket.OSSupportsIPv6)
            {
                Listen(IPAddress.IPv6Loopback, Port);
            }
        }
        catch (SocketException)
        {
            // Clients that look up 'localhost' try the other family.
        }
    }

    public int Port { get; }

    public override async Task<IAsyncTransport> CreateAsync(Address address)
    {
        try
        {
            return await accepted.Reader.ReadAsync(closing.Token);
        }
        catch (OperationCanceledException)
        {
            // The library asks again whatever happens here, so after the end it must not hear anything more.
            return await new TaskCompletionSource<IAsyncTransport>().Task;
        }
    }

    public override void Dispose()
    {
        closing.Cancel();
        listening.ForEach(static socket => socket.Dispose());
        base.Dispose();
    }

    private Socket Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        listening.Add(socket);
        _ = AcceptAsync(socket);
        return socket;
    }

    private async Task AcceptAsync(Socket socket)
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                _ = GreetAsync(await socket.AcceptAsync(closing.Token));
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that gave up before it was accepted, or no more descriptors: others may come through.
                await Task.Delay(TimeSpan.FromMilliseconds(10), time, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task GreetAsync(Socket socket)
    {
        socket.NoDelay = true;
        var transport = new AmqpTransport(socket);
        using var patience = new CancellationTokenSource(HandshakeWithin, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, closing.Token);
        try
        {
            if (await SaslHandshake.RunAsync(transport, both.Token) && accepted.Writer.TryWrite(transport))
            {
                return;
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException or ObjectDisposedException or EndOfStreamException or InvalidDataException)
        {
            // A client that does not speak AMQP, or has left.
        }
        transport.Close();
    }
}
