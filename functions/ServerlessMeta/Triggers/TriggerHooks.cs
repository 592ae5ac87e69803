using System.Globalization;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Triggers;

/// <summary>Finds the webhook that a rule names.</summary>
internal static class TriggerHooks
{
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
}
