using System.Globalization;
using System.Text.RegularExpressions;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Triggers;

/// <summary>Finds the webhook that a rule names.</summary>
internal static partial class TriggerHooks
{
    /// <summary>The name of an event in the queues of webhooks: those of one rule in their order. The number of a queue's place is at most what a key has room for.</summary>
    public static string QueuedAs(TriggerDelivery delivery) => string.Create(
        CultureInfo.InvariantCulture, $"t{TriggerKeys.ObjectKey(delivery.Rule)[..9]}-{delivery.QueuedAt.ToUnixTimeMilliseconds()}-{delivery.EventId.Replace("-", ".", StringComparison.Ordinal)}");

    /// <summary>The trigger and the event that such a name is of; null: it is of something else.</summary>
    public static (string Decision, string EventId)? EventIn(string queued) =>
        Queued.Match(queued) is { Success: true } match ? (match.Groups["decision"].Value, match.Groups["event"].Value.Replace(".", "-", StringComparison.Ordinal)) : null;

    /// <param name="webhooks">All webhooks.</param>
    /// <param name="reference">An id, or a name: of several with that name the newest that is active.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Webhook?> FindAsync(WebhookStore webhooks, string reference, CancellationToken ct)
    {
        if (WebhookId.TryParse(reference, CultureInfo.InvariantCulture, out var id))
        {
            return await webhooks.FindAsync(id, ct);
        }
        Webhook? named = null;
        string? token = null;
        do
        {
            var page = await webhooks.ListAsync(1000, token, ct);
            if (!page.IsOk)
            {
                return named;
            }
            foreach (var webhook in page.Value.Items.Where(webhook => webhook.Name == reference))
            {
                if (webhook.Status is WebhookStatus.Active)
                {
                    return webhook;
                }
                named ??= webhook;
            }
            token = page.Value.Next;
        }
        while (token is not null);
        return named;
    }

    [GeneratedRegex(@"^t[0-9a-f]{9}-[0-9]{1,14}-(?<event>(?<decision>[0-9a-f]{32})(\.[a-z]+)?)\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Queued { get; }
}
