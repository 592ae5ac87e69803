using System.Globalization;
using System.Text.Json;
using ServerlessMeta.Platform;

namespace ServerlessMeta.App.Messages;

/// <summary>
/// Reads a message as CloudEvents 1.0: structured (an object), batched (a list of such), or binary (attributes as properties, the body is the data). What is wrong with an event is its own
/// refusal; all that is wrong with it is said at once.
/// </summary>
internal static class CloudEventReader
{
    /// <summary>What the broker's cheaper tiers carry, headers included.</summary>
    public const int BusBytes = 256 * 1024;

    private const int LongestName = 1024;

    // What the operations take themselves, and the envelope around it.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 66, AllowDuplicateProperties = false };

    public static IngestMessage Read(IncomingMessage message, int maxBytes)
    {
        if (message.Body.ToMemory().Length > maxBytes)
        {
            return Refused(new EventRefusal("TOO_LARGE", string.Create(CultureInfo.InvariantCulture, $"A message has up to {maxBytes} bytes; this one has {message.Body.ToMemory().Length}. Send larger ones in parts, or over HTTP.")));
        }
        var (root, broken) = Parse(message.Body.ToMemory().Span, "The body");
        if (broken is not null)
        {
            return Refused(broken);
        }
        var media = (message.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        var attributes = media.StartsWith("application/cloudevents", StringComparison.Ordinal) ? [] : EventAttributes.Of(message.Properties);
        return (media, root.ValueKind) switch
        {
            _ when attributes.Count > 0 => One(Binary(attributes, media, root)),
            ("application/cloudevents-batch+json", not JsonValueKind.Array) => Refused(EventRefusal.NotAnEvent("A batch of events is a JSON list.")),
            ("application/cloudevents+json" or "application/cloudevents", JsonValueKind.Object) => One(Structured(root)),
            ("application/cloudevents+json" or "application/cloudevents", _) => Refused(EventRefusal.NotAnEvent("An event is a JSON object.")),
            // Who leaves the content type out, or says only that it is JSON, is understood as well.
            ("application/cloudevents-batch+json" or "application/json" or "text/json" or "", JsonValueKind.Array) => Batch(root),
            ("application/json" or "text/json" or "", JsonValueKind.Object) => One(Structured(root)),
            _ => Refused(EventRefusal.NotAnEvent(
                $"A CloudEvent is expected: application/cloudevents+json, application/cloudevents-batch+json, or the attributes as properties cloudEvents:id and so on. This is {(media.Length == 0 ? "of no content type" : Short(media))}.")),
        };
    }

    private static IngestMessage Refused(EventRefusal refusal) => new([], false, refusal);

    private static IngestMessage One(IngestEvent only) => new([only], false, null);

    private static IngestMessage Batch(JsonElement list) => list.GetArrayLength() == 0
        ? Refused(EventRefusal.NotAnEvent("The batch is empty."))
        : new([.. list.EnumerateArray().Select(Structured)], true, null);

    private static IngestEvent Structured(JsonElement element)
    {
        if (element.ValueKind is not JsonValueKind.Object)
        {
            return new IngestEvent("", "", "", null, default, EventRefusal.NotAnEvent("An event is a JSON object."));
        }
        var faults = new List<string>();
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject().Where(static member => member.Name is "specversion" or "id" or "source" or "type" or "subject" or "datacontenttype"))
        {
            if (member.Value.ValueKind is JsonValueKind.String)
            {
                attributes[member.Name] = member.Value.GetString()!;
            }
            else if (member.Value.ValueKind is not JsonValueKind.Null)
            {
                faults.Add($"{member.Name}: a text is expected.");
            }
        }
        return Event(attributes, faults, Data(element, faults));
    }

    private static IngestEvent Binary(Dictionary<string, string> attributes, string media, JsonElement data)
    {
        if (media.Length > 0)
        {
            attributes["datacontenttype"] = media;
        }
        return Event(attributes, [], data);
    }

    private static JsonElement Data(JsonElement element, List<string> faults)
    {
        if (!element.TryGetProperty("data_base64"u8, out var encoded) || encoded.ValueKind is JsonValueKind.Null)
        {
            return element.TryGetProperty("data"u8, out var data) ? data : default;
        }
        if (element.TryGetProperty("data"u8, out _) || encoded.ValueKind is not JsonValueKind.String || !encoded.TryGetBytesFromBase64(out var bytes))
        {
            faults.Add("data_base64: base64 is expected, and no data beside it.");
            return default;
        }
        var (decoded, broken) = Parse(bytes, "data_base64");
        if (broken is not null)
        {
            faults.Add(broken.Detail);
        }
        return decoded;
    }

    private static IngestEvent Event(Dictionary<string, string> attributes, List<string> faults, JsonElement data)
    {
        var version = attributes.GetValueOrDefault("specversion");
        if (version is not "1.0")
        {
            faults.Add(version is null ? "specversion: it is needed, and is 1.0." : $"specversion: 1.0 is expected, not {Short(version)}.");
        }
        var (source, id, type) = (Needed("source"), Needed("id"), Needed("type"));
        if (attributes.GetValueOrDefault("datacontenttype") is { } media && !IsJson(media))
        {
            faults.Add($"datacontenttype: application/json is expected, not {Short(media)}.");
        }
        else if (data.ValueKind is not JsonValueKind.Object)
        {
            faults.Add("data: a JSON object is expected, the body of the operation's request.");
        }
        return new IngestEvent(source, id, type, attributes.GetValueOrDefault("subject"), data, faults.Count == 0 ? null : EventRefusal.NotAnEvent(string.Join(' ', faults)));

        string Needed(string name)
        {
            var text = attributes.GetValueOrDefault(name, "");
            if (text.Length is 0 or > LongestName || text.Any(char.IsControl))
            {
                faults.Add(text.Length == 0 ? $"{name}: it is needed." : string.Create(CultureInfo.InvariantCulture, $"{name}: up to {LongestName} characters are expected, none of them a control character."));
                return "";
            }
            return text;
        }
    }

    private static (JsonElement Root, EventRefusal? Broken) Parse(ReadOnlySpan<byte> bytes, string what)
    {
        try
        {
            var root = JsonElement.Parse(bytes, Strict);
            if (!JsonTexts.IsText(root, bytes))
            {
                return (default, EventRefusal.NotJson($"{what} is no text: it has a lone surrogate."));
            }
            // Some clients write a text as the JSON of that text.
            if (root.ValueKind is not JsonValueKind.String)
            {
                return (root, null);
            }
            var inner = JsonElement.Parse(root.GetString()!, Strict);
            return JsonTexts.IsText(inner) ? (inner, null) : (default, EventRefusal.NotJson($"{what} is no text: it has a lone surrogate."));
        }
        // Names of members are unescaped while they are compared; a lone surrogate in one is no JsonException.
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return (default, EventRefusal.NotJson($"{what} is no JSON: {wrong.Message.Split('\n')[0]}"));
        }
    }

    private static bool IsJson(string media)
    {
        var name = media.Split(';')[0].Trim();
        return name.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || name.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
