using System.Globalization;
using System.Text;

namespace ServerlessMeta.App.Messages;

/// <summary>
/// The attributes of an event in binary mode: application properties <c>cloudEvents:id</c> or <c>cloudEvents_id</c> (AMQP), <c>ce-id</c> (HTTP) or <c>ce_id</c>.
/// </summary>
internal static class EventAttributes
{
    private static readonly string[] Prefixes = ["cloudEvents:", "cloudEvents_", "ce-", "ce_"];

    /// <returns>The attributes by their names in lower case; none when the message is in another mode.</returns>
    public static Dictionary<string, string> Of(IReadOnlyDictionary<string, object?> properties)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in properties)
        {
            if (Array.Find(Prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } prefix && TextOf(value) is { } text)
            {
                attributes[name[prefix.Length..].ToLowerInvariant()] = text;
            }
        }
        return attributes;
    }

    /// <summary>The value of an HTTP header: it may be quoted, and is percent-encoded.</summary>
    public static string OfHeader(string value)
    {
        var text = value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? Unquote(value[1..^1]) : value;
        return text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;
    }

    private static string? TextOf(object? value) => value switch
    {
        null => null,
        string text => text,
        DateTime time => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        Uri address => address.OriginalString,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string Unquote(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i]);
        }
        return plain.ToString();
    }
}
