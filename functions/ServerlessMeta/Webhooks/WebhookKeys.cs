using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Webhooks;

/// <summary>
/// Table <c>webhooks</c>: webhooks in a partition with their audit, deliveries in another:
/// <code>
/// w|{webhook}                                                     a webhook, or what a deleted one leaves: the end of its audit chain
/// k|{SHA-256 of an idempotency key}                               the webhook that was created by the key
/// d|{webhook}|{99999999999999 - milliseconds:d14}|{delivery}      a delivery, the newest first: its payload and how it went
/// q|{webhook}|{model:d10}|{revision:d10}|{number:d2}              a delivery that waits, in the order of the model's events
/// q|{webhook}|t{9 digits of a rule}|{milliseconds:d14}|{event}    the same of a trigger's event, in the order of the rule's
/// </code>
/// </summary>
internal static class WebhookKeys
{
    public const string Partition = "w";

    /// <summary>The letters of audited rows.</summary>
    public const string RecordLetters = "w";
    public const string Deliveries = "d";
    private const long LastMillisecond = 99_999_999_999_999;
    private const int IdLength = 32;
    private const int ModelLength = 10;

    public static (string From, string Below) Webhooks => ("w|", "w}");

    public static (string From, string Below) Queue => ("q|", "q}");

    public static string Webhook(WebhookId id) => $"w|{id}";

    public static string Repeated(string idempotencyKey) => $"k|{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(idempotencyKey)))}";

    public static string Delivery(WebhookId webhook, DeliveryId id) => string.Create(CultureInfo.InvariantCulture, $"d|{webhook}|{LastMillisecond - id.At.ToUnixTimeMilliseconds():d14}|{id}");

    public static (string From, string Below) DeliveriesOf(WebhookId webhook) => ($"d|{webhook}|", $"d|{webhook}}}");

    /// <summary>The deliveries of events that are older than a moment.</summary>
    public static (string From, string Below) DeliveriesBefore(WebhookId webhook, DateTimeOffset at) =>
        (string.Create(CultureInfo.InvariantCulture, $"d|{webhook}|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}}}"), $"d|{webhook}}}");

    /// <param name="webhook">Whom it is for.</param>
    /// <param name="eventId">Model, revision and number of the event; or <c>t</c> and nine hex digits of a rule, milliseconds, and the trigger's event.</param>
    public static string Waiting(WebhookId webhook, string eventId)
    {
        if (eventId.StartsWith('t'))
        {
            var of = eventId.Split('-', 3);
            return string.Create(CultureInfo.InvariantCulture, $"q|{webhook}|{of[0]}|{long.Parse(of[1], NumberStyles.None, CultureInfo.InvariantCulture):d14}|{of[2]}");
        }
        var parts = eventId.Split('-').Select(static part => long.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"q|{webhook}|{parts[0]:d10}|{parts[1]:d10}|{parts[2]:d2}");
    }

    public static WebhookId WebhookOf(string rowKey) => WebhookId.Parse(rowKey.Substring(2, IdLength), CultureInfo.InvariantCulture);

    /// <summary>The part of a waiting delivery's key within which there is an order: the model's, or the rule's.</summary>
    public static string ModelOf(string waitingKey) => waitingKey.Substring(2 + IdLength + 1, ModelLength);
}
