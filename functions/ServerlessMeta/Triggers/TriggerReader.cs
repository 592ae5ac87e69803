using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Runs;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Triggers;

/// <summary>Reads a trigger with all that it led to.</summary>
internal sealed class TriggerReader(TriggerStore triggers, RunStore runs, DeliveryStore deliveries)
{
    /// <summary>Three operations, one more with a run, and one for each webhook that it was sent to.</summary>
    public async Task<TriggerView> ReadAsync(Trigger trigger, CancellationToken ct)
    {
        var sent = triggers.ListDeliveriesAsync(trigger.Id, ct);
        var run = RunId.TryParse(trigger.Run, CultureInfo.InvariantCulture, out var id) && id != default ? await runs.FindAsync(id, ct) : null;
        var views = await Task.WhenAll((await sent).Select(delivery => ViewAsync(delivery, ct)));
        return new TriggerView(
            TriggerView.Shown(trigger), [.. views], run is null ? null : new TriggerRunView(run.Info.Id.ToString(), run.Info.Name, run.Info.Id.Experiment.ToString(), run.Info.Status.ToString(), run.Info.StartedAt, run.Info.EndedAt),
            TriggerLinks.Of(trigger));
    }

    /// <summary>The trigger that a run answers: by what is known, or else by the run's own tag, which a timer takes note of later.</summary>
    public async Task<Trigger?> FindOfRunAsync(RunId id, CancellationToken ct) =>
        await triggers.FindOfRunAsync(id, ct)
        ?? (await runs.FindAsync(id, ct) is { } run && run.Tags.FirstOrDefault(static tag => tag.Key == TriggerFollowUp.Tag).Value is { } tagged ? await triggers.FindAsync(tagged, ct) : null);

    private async Task<TriggerDeliveryView> ViewAsync(TriggerDelivery delivery, CancellationToken ct)
    {
        var called = WebhookId.TryParse(delivery.Webhook, CultureInfo.InvariantCulture, out var webhook) && DeliveryId.TryParse(delivery.WebhookDelivery, out var id) ? await deliveries.FindStateAsync(webhook, id, ct) : null;
        return new TriggerDeliveryView(
            delivery.EventId, delivery.Type, delivery.Action.Type, delivery.Action.Receiver, delivery.Status, delivery.Attempts, delivery.LastAttemptAt, delivery.NextAttemptAt, delivery.Error ?? called?.Error,
            called?.Status.ToString().ToLowerInvariant(), delivery.Webhook is { } log ? $"/api/v1/webhooks/{log}/deliveries" : null);
    }
}
