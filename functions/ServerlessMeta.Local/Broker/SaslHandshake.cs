using System.Buffers.Binary;
using System.Text;

namespace ServerlessMeta.Local.Broker;

/// <summary>
/// The server's side of SASL. Any identity is taken, for it is reached over loopback alone. It ends when the client goes on: a client that hears the outcome
/// and the beginning of AMQP in one breath may hang, as JavaScript's rhea does.
/// </summary>
internal static class SaslHandshake
{
    private const int MaxFrame = 16 * 1024;

    // What the .NET SDK of Service Bus asks for, what the others do, and what plain AMQP clients do.
    private static readonly string[] Mechanisms = ["MSSBCBS", "ANONYMOUS", "PLAIN", "EXTERNAL"];
    private static readonly byte[] Header = [.. "AMQP"u8, 3, 1, 0, 0];
    private static readonly byte[] Accepted = Frame(0x44, [0x50, 0]);
    private static readonly byte[] Refused = Frame(0x44, [0x50, 1]);
    private static readonly byte[] Offered = Frame(0x40, Symbols());

    /// <returns>False: the client does not speak SASL, or asks for something else.</returns>
    public static async Task<bool> RunAsync(AmqpTransport transport, CancellationToken ct)
    {
        var theirs = await transport.ReadAsync(Header.Length, ct);
        await transport.WriteAsync(Header, ct);
        if (!theirs.AsSpan().SequenceEqual(Header))
        {
            return false;
        }
        await transport.WriteAsync(Offered, ct);
        var frame = await ReadFrameAsync(transport, ct);
        var known = Array.IndexOf(Mechanisms, MechanismOf(frame)) >= 0;
        await transport.WriteAsync(known ? Accepted : Refused, ct);
        return known && await transport.FillAsync(ct);
    }

    private static async Task<byte[]> ReadFrameAsync(AmqpTransport transport, CancellationToken ct)
    {
        var size = BinaryPrimitives.ReadInt32BigEndian(await transport.ReadAsync(4, ct));
        return size is > 8 and <= MaxFrame ? await transport.ReadAsync(size - 4, ct) : throw new InvalidDataException("That is no frame of SASL.");
    }

    // After doff, type and channel: the descriptor of sasl-init, a list, and as its first field the mechanism.
    private static string? MechanismOf(ReadOnlySpan<byte> frame)
    {
        var rest = frame[(frame[0] * 4 - 4)..];
        if (rest is not [0x00, 0x53, 0x41, var list, ..])
        {
            return null;
        }
        return rest[(list is 0xd0 ? 12 : 6)..] is [0xa3, var length, .. var text] && text.Length >= length ? Encoding.ASCII.GetString(text[..length]) : null;
    }

    private static byte[] Frame(byte descriptor, byte[] field) =>
        [0, 0, 0, (byte)(field.Length + 14), 2, 1, 0, 0, 0x00, 0x53, descriptor, 0xc0, (byte)(field.Length + 1), 1, .. field];

    private static byte[] Symbols()
    {
        byte[] names = [.. Mechanisms.SelectMany(static name => (byte[])[(byte)name.Length, .. Encoding.ASCII.GetBytes(name)])];
        return [0xe0, (byte)(names.Length + 2), (byte)Mechanisms.Length, 0xa3, .. names];
    }
}
