using System.Security.Cryptography;

namespace ServerlessMeta.Webhooks;

/// <summary>Calls a receiver at once, once, with an example, and tells what it answered. Nothing is stored of it.</summary>
public sealed class WebhookTester
{
    private readonly WebhookSender sender;
    private readonly TimeProvider time;

    internal WebhookTester(WebhookSender sender, TimeProvider time) => (this.sender, this.time) = (sender, time);

    /// <param name="webhook">Which; it need not be active.</param>
    /// <param name="what">What the example is of; null: the first event that the webhook listens to.</param>
    /// <param name="ct">The caller went away.</param>
    public Task<SendResult> TestAsync(Webhook webhook, WebhookEvent? what, CancellationToken ct)
    {
        var example = what ?? webhook.Events.FirstOrDefault() ?? WebhookEvent.All[0];
        var delivery = new Guid(RandomNumberGenerator.GetBytes(16)).ToString("d");
        return sender.SendAsync(webhook, delivery, WebhookPayload.Write(example, time.GetUtcNow(), WebhookPayload.Example(example)), readBody: true, ct);
    }
}
