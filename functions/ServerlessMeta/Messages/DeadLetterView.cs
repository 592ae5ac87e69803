using System.Text;
using System.Text.Json;

namespace ServerlessMeta.Messages;

/// <summary>
/// A dead letter. <c>id</c> is its sequence number, as text, for it has more digits than numbers keep everywhere. Its body is <c>body</c> when it is JSON, else <c>text</c> when it is text, else <c>base64</c>.
/// </summary>
public sealed record DeadLetterView(
    string Id, string MessageId, string? Subject, string? Reason, string? Description, DateTimeOffset EnqueuedAt, int DeliveryCount, string? ContentType, JsonElement? Body, string? Text, string? Base64)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static DeadLetterView From(DeadLetter letter)
    {
        var (json, text, bytes) = Read(letter.Body.ToMemory().Span);
        return new(
            letter.SequenceNumber.ToString(System.Globalization.CultureInfo.InvariantCulture), letter.MessageId, letter.Subject, letter.Reason, letter.Description, letter.EnqueuedAt, letter.DeliveryCount,
            letter.ContentType, json, text, bytes);
    }

    private static (JsonElement? Json, string? Text, string? Base64) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = JsonElement.Parse(body);
            return Platform.JsonTexts.IsText(json) ? (json, null, null) : (null, Strict.GetString(body), null);
        }
        catch (JsonException)
        {
            // No JSON.
        }
        try
        {
            return (null, Strict.GetString(body), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, null, Convert.ToBase64String(body));
        }
    }
}
