using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Webhooks;

/// <summary>
/// Names a delivery of an event to a webhook: a UUID of version 8, which holds the event's time in its first 48 bits and a hash of event and webhook in the rest. So it is
/// the same whoever makes it, however often, and a receiver can tell a repeated delivery.
/// </summary>
internal readonly record struct DeliveryId
{
    private const long LastMillisecond = 99_999_999_999_999;
    private readonly Guid value;

    private DeliveryId(Guid value) => this.value = value;

    /// <summary>When the event happened.</summary>
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);

    private long Milliseconds
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            value.TryWriteBytes(bytes, bigEndian: true, out _);
            return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        }
    }

    public static DeliveryId Of(WebhookId webhook, string eventId, DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{webhook} {eventId}")).AsSpan(0, 16).CopyTo(bytes);
        Span<byte> moment = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(moment, at.ToUnixTimeMilliseconds() << 16);
        moment[..6].CopyTo(bytes);
        bytes[6] = (byte)(0x80 | (bytes[6] & 0x0f));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));
        return new DeliveryId(new Guid(bytes, bigEndian: true));
    }

    /// <summary>Only its one form: lower case, with hyphens.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeliveryId id)
    {
        id = Guid.TryParseExact(text, "d", out var guid) ? new DeliveryId(guid) : default;
        return id.value != Guid.Empty && id.ToString() == text && id.Milliseconds <= LastMillisecond;
    }

    public override string ToString() => value.ToString("d");
}
