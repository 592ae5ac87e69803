using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Messages;
using ServerlessMeta.Platform;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Triggers;

/// <summary>
/// Sends what is in the outbox of triggers: messages to the broker, and events into the queues of webhooks, which signs, tries again and logs them. The instance that committed sends at once; a timer
/// finishes what a crash left and what waits for its next attempt. At least once, each time with the same id. A broker that is down loses nothing for four hours; what was given up then is
/// marked at its trigger and can be sent again.
/// </summary>
public sealed partial class TriggerDispatcher : IAsyncDisposable, IDisposable
{
    private const string NoBroker = "This host has no message broker.";
    private static readonly TimeSpan ClaimTime = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan SweepTime = TimeSpan.FromMinutes(4);

    private readonly TriggerTable table;
    private readonly TriggerStore triggers;
    private readonly Func<IMessageBus?> bus;
    private readonly WebhookStore webhooks;
    private readonly DeliveryStore deliveries;
    private readonly WebhookDispatcher calls;
    private readonly TimeProvider time;
    private readonly ILogger<TriggerDispatcher> logger;
    private readonly SemaphoreSlim one = new(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly ITimer wake;
    private int nudged;

    internal TriggerDispatcher(
        TriggerTable table, TriggerStore triggers, Func<IMessageBus?> bus, WebhookStore webhooks, DeliveryStore deliveries, WebhookDispatcher calls, TimeProvider time, ILogger<TriggerDispatcher> logger)
    {
        (this.table, this.triggers, this.bus, this.webhooks, this.deliveries, this.calls, this.time, this.logger) = (table, triggers, bus, webhooks, deliveries, calls, time, logger);
        wake = time.CreateTimer(static self => ((TriggerDispatcher)self!).Nudge(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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

    /// <summary>Sends whatever is due: an operation when nothing is.</summary>
    public async Task SweepAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            Interlocked.Exchange(ref nudged, 0);
            await SendAsync(ct);
        }
        finally
        {
            one.Release();
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

    private async Task SendAsync(CancellationToken ct)
    {
        var (started, next, isCalled) = (time.GetTimestamp(), DateTimeOffset.MaxValue, false);
        // A broker that failed once is left alone until the next sweep.
        var (unwell, failures) = (new HashSet<string>(StringComparer.Ordinal), new List<Exception>());
        await foreach (var queued in table.QueryAsync(TriggerKeys.Outbox, ct))
        {
            if (time.GetElapsedTime(started) > SweepTime)
            {
                break;
            }
            var (now, (due, claimedUntil)) = (table.Now, TriggerDeliveryRow.DueOf(queued));
            if (due > now || claimedUntil > now)
            {
                next = Min(next, due > claimedUntil ? due : claimedUntil);
                continue;
            }
            try
            {
                var settled = await TryAsync(queued, unwell, ct);
                isCalled |= settled?.Status is TriggerDeliveryStatus.Queued;
                next = settled?.NextAttemptAt is { } again ? Min(next, again) : next;
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                // The others are sent first. Its claim expires, and then it is tried again.
                LogFailed(failed, queued.RowKey);
                failures.Add(failed);
            }
        }
        if (isCalled)
        {
            calls.Nudge();
        }
        if (next < DateTimeOffset.MaxValue && !stopping.IsCancellationRequested)
        {
            // A wish: an instance may be stopped before; then the timer sends.
            var until = next - time.GetUtcNow();
            wake.Change(until > TimeSpan.Zero ? until : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    // Null: there is nothing to try, or another instance does.
    private async Task<TriggerDelivery?> TryAsync(TableEntity queued, HashSet<string> unwell, CancellationToken ct)
    {
        // Whoever settles it writes its place in the outbox too, so that the claim is lost when this was read before.
        var row = await table.FindAsync(TriggerKeys.DeliveryOf(queued.RowKey), ct);
        var delivery = row is null ? null : TriggerDeliveryRow.To(row);
        if (delivery is not null && delivery.Action.Type != RuleText.Webhook && unwell.Contains(delivery.Action.Receiver))
        {
            return delivery with { NextAttemptAt = table.Now + BusSchedule.WaitAfter(3, Random.Shared.NextDouble()) };
        }
        if (await ClaimAsync(queued, ct) is not { } version)
        {
            return null;
        }
        if (delivery is null || row is null)
        {
            await DropAsync(queued.RowKey, version, ct);
            return null;
        }
        var settled = await AttemptAsync(delivery, RowText.Read(row), unwell, ct);
        if (settled.Status is TriggerDeliveryStatus.Dead)
        {
            // First the trigger: a crash in between tries once more. Edges of drift may have none.
            LogDead(settled.EventId, settled.Action.Receiver, settled.Error ?? "");
            if ((await triggers.MarkUndeliveredAsync(settled.Decision, settled.Error ?? "", null, CancellationToken.None)).Failure is { } unmarked and not Failure.NotFound)
            {
                throw new TimeoutException($"Trigger '{settled.Decision}' could not be marked: {unmarked.Detail}");
            }
        }
        // What came of it is noted also when the instance stops.
        await SettleAsync(queued.RowKey, version, settled);
        return settled;
    }

    private async Task<TriggerDelivery> AttemptAsync(TriggerDelivery delivery, byte[] payload, HashSet<string> unwell, CancellationToken ct)
    {
        var tried = delivery with { Attempts = delivery.Attempts + 1, LastAttemptAt = table.Now, NextAttemptAt = null, Error = null };
        if (delivery.Action.Type == RuleText.Webhook)
        {
            return await TriggerHooks.FindAsync(webhooks, delivery.Action.Receiver, ct) is { } webhook
                ? tried with { Status = TriggerDeliveryStatus.Queued, Webhook = webhook.Id.ToString(), WebhookDelivery = await EnqueueAsync(webhook, delivery, payload, ct) }
                : tried with { Status = TriggerDeliveryStatus.Dead, Error = $"There is no webhook '{delivery.Action.Receiver}' any more." };
        }
        if (bus() is not { } broker)
        {
            // Nothing was tried: it waits until there is one.
            return delivery with { Error = NoBroker, NextAttemptAt = table.Now + BusSchedule.WaitAfter(BusSchedule.Attempts, 0) };
        }
        try
        {
            await broker.SendAsync(delivery.Action.Receiver, new OutgoingMessage(delivery.EventId, TriggerEvent.ContentType, delivery.Rule, BinaryData.FromBytes(payload)), ct);
            return tried with { Status = TriggerDeliveryStatus.Sent };
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            unwell.Add(delivery.Action.Receiver);
            var error = $"{failed.GetType().Name}: {(failed.Message.Length <= 500 ? failed.Message : failed.Message[..500])}";
            return tried.Attempts >= BusSchedule.Attempts
                ? tried with { Status = TriggerDeliveryStatus.Dead, Error = $"{error} Given up after {BusSchedule.Attempts} attempts." }
                : tried with { Error = error, NextAttemptAt = table.Now + BusSchedule.WaitAfter(tried.Attempts, Random.Shared.NextDouble()) };
        }
    }

    private async Task<string> EnqueueAsync(Webhook webhook, TriggerDelivery delivery, byte[] payload, CancellationToken ct)
    {
        var id = await deliveries.EnqueueAsync(webhook.Id, TriggerHooks.QueuedAs(delivery), delivery.Type, delivery.QueuedAt, payload, TriggerEvent.ContentType, ct);
        // What the webhook gave up is asked for again.
        if (delivery.WebhookDelivery == id.ToString() && await deliveries.FindStateAsync(webhook.Id, id, ct) is { Status: DeliveryStatus.Failed or DeliveryStatus.Cancelled }
            && (await deliveries.RedeliverAsync(webhook.Id, id, ct)).Failure is { } refused)
        {
            throw new TimeoutException(refused.Detail);
        }
        return id.ToString();
    }

    private async Task<ETag?> ClaimAsync(TableEntity queued, CancellationToken ct)
    {
        try
        {
            return (await table.Table.UpdateEntityAsync(TriggerDeliveryRow.Claim(queued.RowKey, table.Now + ClaimTime), queued.ETag, TableUpdateMode.Merge, ct)).Headers.ETag!.Value;
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 412)
        {
            return null;
        }
    }

    private async Task SettleAsync(string queuedKey, ETag version, TriggerDelivery delivery)
    {
        var transaction = table.Begin();
        _ = delivery.NextAttemptAt is { } due ? transaction.Replace(TriggerDeliveryRow.Queued(delivery, due), version) : transaction.Remove(queuedKey, version);
        try
        {
            await transaction.PutInto(TriggerDeliveryRow.State(delivery)).CommitAsync(CancellationToken.None);
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 412)
        {
            // The claim had expired, or the answer to this same write was lost.
        }
    }

    private async Task DropAsync(string queuedKey, ETag version, CancellationToken ct)
    {
        try
        {
            await table.Table.DeleteEntityAsync(TriggerKeys.Partition, queuedKey, version, ct);
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 412)
        {
            // Someone else did.
        }
    }

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    [LoggerMessage(EventId = 2211, Level = LogLevel.Warning, Message = "Triggers could not be dispatched; the timer will.")]
    private partial void LogLeft(Exception outage);

    [LoggerMessage(EventId = 2213, Level = LogLevel.Error, Message = "What waits at {Row} could not be dispatched; it is tried again.")]
    private partial void LogFailed(Exception failed, string row);

    [LoggerMessage(EventId = 2212, Level = LogLevel.Error, Message = "Event {Event} was given up for {Receiver}: {Error}")]
    private partial void LogDead(string @event, string receiver, string error);
}
