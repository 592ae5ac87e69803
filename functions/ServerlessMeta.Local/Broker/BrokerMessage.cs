using System.Globalization;
using System.Security.Cryptography;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using ServerlessMeta.Messages;

namespace ServerlessMeta.Local.Broker;

/// <summary>A message as its sender gave it, in the sections that AMQP has for it. It never changes.</summary>
internal sealed class BrokerMessage
{
    private const string ReasonProperty = "DeadLetterReason";
    private const string DescriptionProperty = "DeadLetterErrorDescription";

    private BrokerMessage(Message sections, int size) => (Sections, Size) = (sections, size);

    public static BrokerMessage None { get; } = new(new Message(), 0);

    /// <summary>Properties, application properties, body and footer, and the sender's own annotations.</summary>
    public Message Sections { get; }

    /// <summary>Bytes on the wire.</summary>
    public int Size { get; }

    public string Id => Sections.Properties?.GetMessageId() switch
    {
        string text => text,
        Guid guid => guid.ToString("d"),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        { } number => Convert.ToString(number, CultureInfo.InvariantCulture)!,
        null => "",
    };

    public string? Subject => Sections.Properties?.Subject;

    public string? ContentType => Sections.Properties?.ContentType;

    public TimeSpan? TimeToLive => Sections.Header is { Ttl: > 0 } header ? TimeSpan.FromMilliseconds(header.Ttl) : null;

    public string? DeadLetterReason => Property(ReasonProperty) as string;

    public string? DeadLetterDescription => Property(DescriptionProperty) as string;

    /// <summary>The application's own properties.</summary>
    public IReadOnlyDictionary<string, object?> Properties =>
        Sections.ApplicationProperties?.Map.ToDictionary(static pair => $"{pair.Key}", static object? (pair) => pair.Value, StringComparer.Ordinal) ?? [];

    /// <summary>The body of a message of data or of text; null: it is a value of another kind.</summary>
    public BinaryData? Body => Sections.BodySection switch
    {
        null => BinaryData.Empty,
        Data data => new BinaryData(data.Binary),
        DataList list => new BinaryData(Enumerable.Range(0, list.Count).SelectMany(i => list[i].Binary).ToArray()),
        AmqpValue { Value: string text } => new BinaryData(text),
        AmqpValue { Value: byte[] bytes } => new BinaryData(bytes),
        _ => null,
    };

    /// <summary>Takes what was received. A message without an id gets one, for without it a client cannot settle.</summary>
    /// <exception cref="BrokerException">It asks for what is not to be had here.</exception>
    public static BrokerMessage From(Message received, int size)
    {
        if (received.MessageAnnotations?.Map.Keys.Any(static key => $"{key}" is "x-opt-scheduled-enqueue-time") is true)
        {
            throw BrokerException.NotImplemented("Sending at a later time");
        }
        received.Properties ??= new Properties();
        if (received.Properties.GetMessageId() is null)
        {
            received.Properties.MessageId = RandomNumberGenerator.GetHexString(32, lowercase: true);
        }
        received.DeliveryAnnotations = null;
        return new BrokerMessage(received, size);
    }

    public static BrokerMessage From(OutgoingMessage message)
    {
        var sections = new Message
        {
            Properties = new Properties { MessageId = message.Id, ContentType = message.ContentType, Subject = message.Subject },
            BodySection = new Data { Binary = message.Body.ToArray() },
        };
        return new BrokerMessage(sections, sections.Encode().Length);
    }

    public BrokerMessage With(IReadOnlyDictionary<string, object?> properties)
    {
        if (properties.Count == 0)
        {
            return this;
        }
        var map = new ApplicationProperties();
        foreach (var (key, value) in Properties.Concat(properties))
        {
            map[key] = value;
        }
        return Replace(map);
    }

    public BrokerMessage WithDeadLetter(string? reason, string? description)
    {
        var texts = new[] { KeyValuePair.Create(ReasonProperty, reason), KeyValuePair.Create(DescriptionProperty, description) };
        return With(texts.Where(static pair => pair.Value is not null).ToDictionary(static pair => pair.Key, static object? (pair) => pair.Value, StringComparer.Ordinal));
    }

    public BrokerMessage WithoutDeadLetter()
    {
        var map = new ApplicationProperties();
        foreach (var (key, value) in Properties.Where(static pair => pair.Key is not (ReasonProperty or DescriptionProperty)))
        {
            map[key] = value;
        }
        return Replace(map.Map.Count > 0 ? map : null);
    }

    private object? Property(string name) => Sections.ApplicationProperties?.Map.GetValueOrDefault(name);

    private BrokerMessage Replace(ApplicationProperties? properties) => new(
        new Message
        {
            Header = Sections.Header, MessageAnnotations = Sections.MessageAnnotations, Properties = Sections.Properties,
            ApplicationProperties = properties, BodySection = Sections.BodySection, Footer = Sections.Footer,
        },
        Size);
}
