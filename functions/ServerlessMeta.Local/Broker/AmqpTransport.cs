using System.Net.Sockets;
using Amqp;

namespace ServerlessMeta.Local.Broker;

/// <summary>The bytes of one connection. Reads ahead, for the library asks for four bytes at a time.</summary>
internal sealed class AmqpTransport(Socket socket) : IAsyncTransport
{
    private readonly byte[] ahead = new byte[16 * 1024];
    private int from;
    private int until;

    public void SetConnection(Connection connection)
    {
        // The connection does not matter to a socket.
    }

    /// <summary>Waits until the peer has said something more.</summary>
    /// <returns>False: it has closed.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (from == until)
        {
            (from, until) = (0, await socket.ReceiveAsync(ahead, ct));
        }
        return from < until;
    }

    /// <exception cref="EndOfStreamException">The peer has closed.</exception>
    public async ValueTask<byte[]> ReadAsync(int count, CancellationToken ct)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            if (!await FillAsync(ct))
            {
                throw new EndOfStreamException();
            }
            done += Take(bytes.AsSpan(done));
        }
        return bytes;
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct) => await socket.SendAsync(bytes, ct);

    public async Task<int> ReceiveAsync(byte[] buffer, int offset, int count) =>
        from == until && count >= ahead.Length ? await socket.ReceiveAsync(buffer.AsMemory(offset, count))
        : await FillAsync(CancellationToken.None) ? Take(buffer.AsSpan(offset, count)) : 0;

    public Task SendAsync(IList<ByteBuffer> bufferList, int listSize) =>
        bufferList.Count == 1
            ? WriteAsync(bufferList[0].Buffer.AsMemory(bufferList[0].Offset, bufferList[0].Length), CancellationToken.None)
            : socket.SendAsync([.. bufferList.Select(static buffer => new ArraySegment<byte>(buffer.Buffer, buffer.Offset, buffer.Length))]);

    public void Send(ByteBuffer buffer) => socket.Send(buffer.Buffer.AsSpan(buffer.Offset, buffer.Length));

    public int Receive(byte[] buffer, int offset, int count) => from < until ? Take(buffer.AsSpan(offset, count)) : socket.Receive(buffer.AsSpan(offset, count));

    public void Close() => socket.Dispose();

    private int Take(Span<byte> into)
    {
        var count = Math.Min(into.Length, until - from);
        ahead.AsSpan(from, count).CopyTo(into);
        from += count;
        return count;
    }
}
