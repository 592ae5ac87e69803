using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServerlessMeta.Benchmarks.Wire;

/// <summary>
/// One HTTP/1.1 connection, blocking, with ready-made request bytes: the load generator shares two cores with what it measures, so it must cost next
/// to nothing. Raw calls and calls of the store go through the same code. What an exchange leaves is valid until the next.
/// </summary>
internal sealed class WireConnection : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 120_000, SendTimeout = 120_000 };
    private byte[] buffer = new byte[64 * 1024];
    private int filled, head, bodyEnd;

    public WireConnection(Uri target) => socket.Connect(IPAddress.Loopback, target.Port);

    public ReadOnlySpan<byte> Body => buffer.AsSpan(head, bodyEnd - head);

    /// <summary>Sends a request and receives its whole answer.</summary>
    /// <returns>The status.</returns>
    public int Exchange(ReadOnlySpan<byte> request)
    {
        while (request.Length > 0)
        {
            request = request[socket.Send(request)..];
        }
        (filled, head) = (0, 0);
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            Receive();
        }
        head = end + 4;
        var status = Number(buffer.AsSpan(9, 3));
        if (status is 204 or 304)
        {
            bodyEnd = head;
        }
        else if (Header("content-length"u8) is { Length: > 0 } length)
        {
            Need(bodyEnd = head + Number(length));
        }
        else
        {
            ReceiveChunks();
        }
        return status;
    }

    public ReadOnlySpan<byte> Header(ReadOnlySpan<byte> name)
    {
        var rest = buffer.AsSpan(0, head);
        while (rest.IndexOf("\r\n"u8) is >= 0 and var end)
        {
            var line = rest[..end];
            if (line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                return line[(name.Length + 1)..].Trim((byte)' ');
            }
            rest = rest[(end + 2)..];
        }
        return default;
    }

    /// <summary>How many storage operations the answer's Server-Timing names.</summary>
    public int Operations()
    {
        var timing = Header("server-timing"u8);
        var sum = 0;
        while (timing.IndexOf("desc=\""u8) is >= 0 and var at)
        {
            timing = timing[(at + 6)..];
            sum += Number(timing);
        }
        return sum;
    }

    /// <summary>The first string value of that name in the JSON body; null when there is none.</summary>
    public string? Text(string name)
    {
        var quoted = Encoding.ASCII.GetBytes($"\"{name}\"");
        if (Body.LastIndexOf(quoted) is not (>= 0 and var at))
        {
            return null;
        }
        var rest = Body[(at + quoted.Length)..];
        rest = rest[(rest.IndexOf((byte)'"') + 1)..];
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)'"')]);
    }

    public string Said(int status) => string.Create(CultureInfo.InvariantCulture, $"{status} {Encoding.UTF8.GetString(Body[..Math.Min(Body.Length, 400)])}");

    public void Dispose() => socket.Dispose();

    private void ReceiveChunks()
    {
        var (at, to) = (head, head);
        while (true)
        {
            int line;
            while ((line = buffer.AsSpan(at, filled - at).IndexOf("\r\n"u8)) < 0)
            {
                Receive();
            }
            var size = Number(buffer.AsSpan(at, line), 'x');
            at += line + 2;
            Need(at + size + 2);
            buffer.AsSpan(at, size).CopyTo(buffer.AsSpan(to));
            (at, to) = (at + size + 2, to + size);
            if (size == 0)
            {
                bodyEnd = to;
                return;
            }
        }
    }

    private static int Number(ReadOnlySpan<byte> text, char format = default) =>
        Utf8Parser.TryParse(text, out int number, out _, format) ? number : throw new InvalidDataException($"'{Encoding.ASCII.GetString(text)}' is no number.");

    private void Need(int end)
    {
        while (filled < end)
        {
            Receive();
        }
    }

    private void Receive()
    {
        if (filled == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }
        var count = socket.Receive(buffer.AsSpan(filled));
        filled += count > 0 ? count : throw new IOException("The server closed the connection.");
    }
}
