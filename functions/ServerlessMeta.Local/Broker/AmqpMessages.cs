using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace ServerlessMeta.Local.Broker;

/// <summary>Between the broker's messages and AMQP's.</summary>
internal static class AmqpMessages
{
    private const uint BatchFormat = 0x80013700;
    private static readonly Symbol EnqueuedTime = "x-opt-enqueued-time";
    private static readonly Symbol SequenceNumber = "x-opt-sequence-number";
    private static readonly Symbol EnqueueSequenceNumber = "x-opt-enqueue-sequence-number";
    private static readonly Symbol MessageState = "x-opt-message-state";
    private static readonly Symbol LockedUntil = "x-opt-locked-until";

    /// <summary>The messages of a transfer: one, or those of a batch.</summary>
    /// <exception cref="BrokerException">A batch holds what is no message.</exception>
    public static IReadOnlyList<BrokerMessage> Read(ReceivedMessage received)
    {
        if (received.Format is not BatchFormat)
        {
            return [BrokerMessage.From(received, received.Size)];
        }
        var parts = received.BodySection switch
        {
            Data data => [data],
            DataList list => Enumerable.Range(0, list.Count).Select(i => list[i]),
            _ => throw BrokerException.Malformed("A batch holds messages as data sections."),
        };
        return [.. parts.Select(static part => Decode(part.Binary))];
    }

    /// <summary>A message with what the broker says of it.</summary>
    /// <param name="lockToken">Becomes the tag of the delivery; null: any tag will do.</param>
    public static TaggedMessage Write(BrokerDelivery delivery, Guid? lockToken)
    {
        var sections = delivery.Message.Sections;
        var annotations = new MessageAnnotations();
        if (sections.MessageAnnotations is { } senders)
        {
            foreach (var (key, value) in senders.Map)
            {
                annotations[new Symbol($"{key}")] = value;
            }
        }
        annotations[EnqueuedTime] = delivery.EnqueuedAt.UtcDateTime;
        annotations[SequenceNumber] = delivery.SequenceNumber;
        annotations[EnqueueSequenceNumber] = delivery.SequenceNumber;
        annotations[MessageState] = delivery.State is HeldState.Deferred ? 1 : 0;
        if (delivery.LockedUntil is { } until)
        {
            annotations[LockedUntil] = until.UtcDateTime;
        }
        var header = new Header { DeliveryCount = (uint)delivery.FailedDeliveries };
        if (sections.Header is { Ttl: > 0 } theirs)
        {
            header.Ttl = theirs.Ttl;
        }
        return new TaggedMessage(lockToken)
        {
            Header = header, MessageAnnotations = annotations, Properties = sections.Properties,
            ApplicationProperties = sections.ApplicationProperties, BodySection = sections.BodySection, Footer = sections.Footer,
        };
    }

    /// <summary>Encoded whole, as the management node hands messages out.</summary>
    public static byte[] Encode(Message message)
    {
        var buffer = message.Encode();
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }

    /// <summary>A map whose keys may be symbols or strings. The library's own reading by name fails on strings.</summary>
    public static Dictionary<string, object?> Texts(Map? map) => map?.ToDictionary(static pair => $"{pair.Key}", static object? (pair) => pair.Value, StringComparer.Ordinal) ?? [];

    private static BrokerMessage Decode(byte[] bytes)
    {
        try
        {
            return BrokerMessage.From(Message.Decode(new ByteBuffer(bytes, 0, bytes.Length, bytes.Length)), bytes.Length);
        }
        catch (Exception malformed) when (malformed is AmqpException or InvalidCastException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            throw BrokerException.Malformed("A part of the batch is no message.");
        }
    }
}
