using Amqp;

namespace ServerlessMeta.Local.Broker;

/// <summary>A message from a client, with the bytes that it had on the wire.</summary>
internal sealed class ReceivedMessage : Message
{
    private ReceivedMessage(int size) => Size = size;

    public int Size { get; }

    public static ReceivedMessage Read(ByteBuffer buffer)
    {
        var size = buffer.Length;
        var sections = Decode(buffer);
        return new ReceivedMessage(size)
        {
            Header = sections.Header, DeliveryAnnotations = sections.DeliveryAnnotations, MessageAnnotations = sections.MessageAnnotations, Properties = sections.Properties,
            ApplicationProperties = sections.ApplicationProperties, BodySection = sections.BodySection, Footer = sections.Footer,
        };
    }
}
