using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Webhooks;

/// <summary>
/// Takes events from the registry's outbox into the queue of each webhook that listens, and sends what is due. The instance that committed an event dispatches at once;
/// a timer finishes what a crash left and what waits for its next attempt.
/// Every event is delivered at least once: it leaves the outbox when it is in the queues, and a queue when its receiver answered. A crash in between sends it
/// again, with the same delivery id. A webhook gets the events of one model in their order: a later one waits while an earlier one is tried, so a receiver that is down gets
/// one attempt at a time and not all at once. Between models there is no order. Redelivering by hand keeps no order.
/// </summary>
public sealed partial class WebhookDispatcher : IAsyncDisposable, IDisposable
{
    private const int Lanes = 8;
    private const int EventsAtOnce = 200;
    private static readonly TimeSpan LaneTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SweepTime = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly ModelOutbox outbox;
    private readonly WebhookStore webhooks;
    private readonly DeliveryStore deliveries;
    private readonly WebhookSender sender;
    private readonly Func<IEnumerable<DeliveryGivenUp>> givenUp;
    private readonly WebhooksOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<WebhookDispatcher> logger;
    private readonly SemaphoreSlim one = new(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly ITimer wake;
    private int nudged;

    internal WebhookDispatcher(
        ModelOutbox outbox, WebhookStore webhooks, DeliveryStore deliveries, WebhookSender sender, Func<IEnumerable<DeliveryGivenUp>> givenUp, WebhooksOptions options, TimeProvider time,
        ILogger<WebhookDispatcher> logger)
    {
        (this.outbox, this.webhooks, this.deliveries, this.sender, this.givenUp, this.options, this.time, this.logger) = (outbox, webhooks, deliveries, sender, givenUp, options, time, logger);
        wake = time.CreateTimer(static self => ((WebhookDispatcher)self!).Nudge(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Dispatches in the background. Nudges before it begins are one.</summary>
    public void Nudge()
    {
        if (stopping.IsCancellationRequested || Interlocked.Exchange(ref nudged, 1) == 1)
        {
            return;
        }
        // Neither the caller's name nor the count of his operations is the sweep's.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    /// <summary>Takes all events and sends whatever is due.</summary>
    public async Task SweepAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            Interlocked.Exchange(ref nudged, 0);
            var started = time.GetTimestamp();
            bool left;
            do
            {
                while (await TakeAsync(ct) == EventsAtOnce)
                {
                    // There may be more.
                }
                left = await SendAsync(ct);
            }
            while (left && time.GetElapsedTime(started) < SweepTime);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Forgets deliveries that are older than the log is kept.</summary>
    public async Task TrimAsync(CancellationToken ct)
    {
        var before = time.GetUtcNow() - TimeSpan.FromDays(options.LogDays);
        await foreach (var webhook in webhooks.ListIdsAsync(ct))
        {
            await deliveries.TrimAsync(webhook, before, ct);
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        wake.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        // What is under way is given up, not waited for: its claims expire.
        await one.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
    }

    private async Task RunAsync()
    {
        try
        {
            await SweepAsync(stopping.Token);
        }
        catch (Exception failed)
        {
            // Nobody waits for it. Whatever it was, the timer meets it again, and fails by it.
            Interlocked.Exchange(ref nudged, 0);
            if (!stopping.IsCancellationRequested)
            {
                LogLeft(failed);
            }
        }
    }

    // How many it took: not all at once, for an event may be large.
    private async Task<int> TakeAsync(CancellationToken ct)
    {
        // First the events, then who listens: so whoever created a webhook before something happened is told of it.
        var events = new List<(string RowKey, ModelEvent Event)>();
        await foreach (var waiting in outbox.ListAsync(EventsAtOnce, ct))
        {
            events.Add(waiting);
            if (events.Count == EventsAtOnce)
            {
                break;
            }
        }
        if (events.Count == 0)
        {
            return 0;
        }
        var active = await webhooks.ListActiveAsync(ct);
        foreach (var (rowKey, happened) in events)
        {
            var listening = active.Where(webhook => webhook.ListensTo(happened.Entity, happened.Action)).ToList();
            if (listening.Count > 0)
            {
                var payload = WebhookPayload.Write(new WebhookEvent(happened.Entity, happened.Action), happened.At, happened.Data);
                foreach (var webhook in listening)
                {
                    await deliveries.EnqueueAsync(webhook.Id, happened, payload, ct);
                }
            }
            await outbox.RemoveAsync(rowKey, ct);
        }
        return events.Count;
    }

    // Whether something is left that is due.
    private async Task<bool> SendAsync(CancellationToken ct)
    {
        var queue = new List<WaitingDelivery>();
        await foreach (var waiting in deliveries.ListWaitingAsync(ct))
        {
            queue.Add(waiting);
        }
        if (queue.Count == 0)
        {
            return false;
        }
        using var lanes = new SemaphoreSlim(Lanes);
        var done = await Task.WhenAll(queue.GroupBy(static waiting => waiting.Webhook).Select(async lane =>
        {
            await lanes.WaitAsync(ct);
            try
            {
                return await SendLaneAsync(lane.Key, [.. lane], ct);
            }
            finally
            {
                lanes.Release();
            }
        }));
        var next = done.Min(static lane => lane.Next);
        if (next < DateTimeOffset.MaxValue && !stopping.IsCancellationRequested)
        {
            // A wish: an instance may be stopped before; then the timer sends.
            var until = next - time.GetUtcNow();
            wake.Change(until > TimeSpan.Zero ? until : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
        return done.Any(static lane => lane.IsLeft);
    }

    // One webhook's deliveries, one after another. A receiver that fails is left alone until the next sweep.
    private async Task<(bool IsLeft, DateTimeOffset Next)> SendLaneAsync(WebhookId id, ImmutableArray<WaitingDelivery> queue, CancellationToken ct)
    {
        var webhook = await webhooks.FindAsync(id, ct);
        var (next, isUnwell, started) = (DateTimeOffset.MaxValue, false, time.GetTimestamp());
        void Wake(DateTimeOffset at) => next = at < next ? at : next;
        foreach (var ofModel in queue.GroupBy(static waiting => waiting.Model))
        {
            foreach (var waiting in ofModel)
            {
                var now = time.GetUtcNow();
                if (waiting.ClaimedUntil > now)
                {
                    Wake(waiting.ClaimedUntil);
                    break;
                }
                if (time.GetElapsedTime(started) > LaneTime)
                {
                    return (true, next);
                }
                if (webhook is not { Status: WebhookStatus.Active })
                {
                    await CancelAsync(waiting, webhook, ct);
                    continue;
                }
                if (waiting.Due > now || isUnwell)
                {
                    Wake(waiting.Due > now ? waiting.Due : now + Rest);
                    break;
                }
                if (await deliveries.ClaimAsync(waiting, ct) is not { } claimed)
                {
                    break;
                }
                if (await deliveries.FindAsync(id, waiting.Delivery, ct) is not var (delivery, payload))
                {
                    await deliveries.DropAsync(claimed, ct);
                    continue;
                }
                var result = await sender.SendAsync(webhook, delivery.Id.ToString(), payload, readBody: false, delivery.ContentType, ct);
                var settled = AttemptSchedule.After(delivery, result, time.GetUtcNow(), Random.Shared.NextDouble());
                // What came of it is noted also when the instance stops.
                if (AttemptSchedule.IsGone(result))
                {
                    // First the webhook: a crash in between asks the receiver once more.
                    var disabled = await webhooks.DisableAsync(id, webhook.Url, $"{new Uri(webhook.Url).Host} answered 410 Gone.", CancellationToken.None);
                    webhook = disabled.IsOk ? disabled.Value : null;
                    if (webhook is { Status: WebhookStatus.Active })
                    {
                        // Its address was changed meanwhile: the new one is asked next.
                        settled = AttemptSchedule.After(delivery, new SendResult(null, "The address that the webhook had before answered 410 Gone."), time.GetUtcNow(), Random.Shared.NextDouble());
                    }
                    else
                    {
                        LogDisabled(id);
                    }
                }
                await SettleAsync(claimed, settled, CancellationToken.None);
                if (settled.NextAttemptAt is { } again)
                {
                    isUnwell = true;
                    Wake(again);
                    break;
                }
            }
        }
        return (false, next);
    }

    private async Task SettleAsync(WaitingDelivery waiting, Delivery settled, CancellationToken ct)
    {
        foreach (var listener in settled.Status is DeliveryStatus.Failed or DeliveryStatus.Cancelled ? givenUp() : [])
        {
            try
            {
                await listener(settled);
            }
            catch (Exception broken) when (!Outage.IsAmbiguous(broken))
            {
                // Who cannot take it must not have the receiver asked for ever.
                LogUntold(broken, settled.Id.ToString());
            }
        }
        await deliveries.SettleAsync(waiting, settled, ct);
    }

    private async Task CancelAsync(WaitingDelivery waiting, Webhook? webhook, CancellationToken ct)
    {
        if (await deliveries.FindStateAsync(waiting.Webhook, waiting.Delivery, ct) is not { } delivery)
        {
            await deliveries.DropAsync(waiting, ct);
            return;
        }
        await SettleAsync(waiting, delivery with
        {
            Status = DeliveryStatus.Cancelled,
            NextAttemptAt = null,
            Error = webhook is null ? "The webhook was deleted." : $"The webhook is disabled{(webhook.Reason is { } reason ? $": {reason}" : ".")}",
        }, ct);
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "Events could not be dispatched to webhooks; the timer will.")]
    private partial void LogLeft(Exception outage);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "That delivery {Delivery} was given up could not be noted where its event came from.")]
    private partial void LogUntold(Exception broken, string delivery);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Webhook {Webhook} was disabled: its receiver answered 410 Gone.")]
    private partial void LogDisabled(WebhookId webhook);
}
