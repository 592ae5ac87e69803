using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Webhooks;

/// <summary>Deliveries: the log of each webhook, and the queue of those that wait. A delivery is in the queue exactly while its row in the log says that it is pending.</summary>
internal sealed class DeliveryStore(StorageClients storage, TimeProvider time)
{
    public const string Kind = "Delivery";

    /// <summary>How long an instance has for an attempt before another takes it: longer than any receiver may take, and than clocks differ.</summary>
    private static readonly TimeSpan ClaimTime = TimeSpan.FromMinutes(3);

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Puts an event of the registry into the queue of a webhook; one that was put there before stays as it is, also when it has been delivered since.</summary>
    public Task EnqueueAsync(WebhookId webhook, ModelEvent happened, byte[] payload, CancellationToken ct) =>
        EnqueueAsync(webhook, happened.Id, $"{happened.Entity}.{happened.Action}", happened.At, payload, null, ct);

    /// <summary>The same of any event.</summary>
    /// <param name="webhook">Whom it is for.</param>
    /// <param name="eventId">Names the event, and its place in the queue (<see cref="WebhookKeys.Waiting"/>).</param>
    /// <param name="what">What happened, for the log.</param>
    /// <param name="at">When.</param>
    /// <param name="payload">What is sent.</param>
    /// <param name="contentType">What the payload is; null: JSON.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The id of the delivery.</returns>
    public async Task<DeliveryId> EnqueueAsync(WebhookId webhook, string eventId, string what, DateTimeOffset at, byte[] payload, string? contentType, CancellationToken ct)
    {
        var delivery = new Delivery
        {
            Id = DeliveryId.Of(webhook, eventId, at),
            Webhook = webhook,
            EventId = eventId,
            Event = what,
            QueuedAt = Now,
            NextAttemptAt = Now,
            ContentType = contentType,
        };
        try
        {
            await new GroupTransaction(storage.Webhooks, WebhookKeys.Deliveries)
                .Add(DeliveryRow.From(delivery, payload))
                .Add(WaitingRow.From(WebhookKeys.Waiting(webhook, eventId), delivery.Id, Now))
                .CommitAsync(ct);
        }
        catch (RequestFailedException known) when (known.Status is 409)
        {
            // Another sweep was first, or this one before it crashed.
        }
        return delivery.Id;
    }

    /// <summary>Everything in the queue: by webhook, then by model, each model's in the order of its events.</summary>
    public async IAsyncEnumerable<WaitingDelivery> ListWaitingAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (from, below) = WebhookKeys.Queue;
        await foreach (var row in storage.Webhooks.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {WebhookKeys.Deliveries} and RowKey ge {from} and RowKey lt {below}"), 1000, cancellationToken: ct))
        {
            yield return WaitingRow.To(row);
        }
    }

    /// <summary>Takes a delivery for an attempt; null when another instance was first.</summary>
    public async Task<WaitingDelivery?> ClaimAsync(WaitingDelivery waiting, CancellationToken ct)
    {
        var until = Now + ClaimTime;
        try
        {
            var answer = await storage.Webhooks.UpdateEntityAsync(WaitingRow.Claim(waiting.RowKey, until), waiting.Version, TableUpdateMode.Merge, ct);
            return waiting with { ClaimedUntil = until, Version = answer.Headers.ETag!.Value };
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 412)
        {
            return null;
        }
    }

    /// <summary>A delivery with its payload; null when there is none.</summary>
    public async Task<(Delivery Delivery, byte[] Payload)?> FindAsync(WebhookId webhook, DeliveryId id, CancellationToken ct) =>
        await FindRowAsync(webhook, id, null, ct) is { } row ? (DeliveryRow.To(row), DeliveryRow.PayloadOf(row)) : null;

    /// <summary>A delivery without its payload, which may be large; null when there is none.</summary>
    public async Task<Delivery?> FindStateAsync(WebhookId webhook, DeliveryId id, CancellationToken ct) =>
        await FindRowAsync(webhook, id, DeliveryRow.Columns, ct) is { } row ? DeliveryRow.To(row) : null;

    /// <summary>Notes how an attempt went: the delivery leaves the queue, or waits again. What another instance noted meanwhile stands.</summary>
    public async Task SettleAsync(WaitingDelivery waiting, Delivery delivery, CancellationToken ct)
    {
        var transaction = new GroupTransaction(storage.Webhooks, WebhookKeys.Deliveries);
        _ = delivery.Status is DeliveryStatus.Pending
            ? transaction.Replace(WaitingRow.From(waiting.RowKey, delivery.Id, delivery.NextAttemptAt!.Value), waiting.Version)
            : transaction.Remove(waiting.RowKey, waiting.Version);
        try
        {
            await transaction.PutInto(DeliveryRow.State(delivery)).CommitAsync(ct);
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 412)
        {
            // The claim had expired, or the answer to this same write was lost.
        }
    }

    /// <summary>Takes a place out of the queue that names no delivery.</summary>
    public async Task DropAsync(WaitingDelivery waiting, CancellationToken ct)
    {
        try
        {
            await storage.Webhooks.DeleteEntityAsync(WebhookKeys.Deliveries, waiting.RowKey, waiting.Version, ct);
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 412)
        {
            // Someone else did.
        }
    }

    /// <summary>The log of a webhook, the newest events first.</summary>
    public async Task<Result<Paged<Delivery>>> ListAsync(WebhookId webhook, int size, string? pageToken, CancellationToken ct)
    {
        var query = $"deliveries of {webhook}";
        var after = PageToken.Read(query, pageToken);
        if (!after.IsOk)
        {
            return new Failure.Invalid("pageToken", after.Failure.Detail);
        }
        var (from, below) = WebhookKeys.DeliveriesOf(webhook);
        if (after.Value is { } last && !PageToken.IsWithin(last, from, below))
        {
            return new Failure.Invalid("pageToken", PageToken.Elsewhere);
        }
        var found = new List<Delivery>();
        await foreach (var row in storage.Webhooks.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {WebhookKeys.Deliveries} and RowKey gt {after.Value ?? from} and RowKey lt {below}"), Math.Min(size + 1, 1000), DeliveryRow.Columns, ct))
        {
            if (found.Count == size)
            {
                return new Paged<Delivery>([.. found], PageToken.Write(query, WebhookKeys.Delivery(webhook, found[^1].Id)));
            }
            found.Add(DeliveryRow.To(row));
        }
        return new Paged<Delivery>([.. found], null);
    }

    /// <summary>Has a delivery tried again, now: one that waits as one that is settled. It keeps its id and its payload.</summary>
    public async Task<Result<Delivery>> RedeliverAsync(WebhookId webhook, DeliveryId id, CancellationToken ct)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            if (await FindRowAsync(webhook, id, DeliveryRow.Columns, ct) is not { } row)
            {
                return new Failure.NotFound(Kind, id.ToString());
            }
            var delivery = DeliveryRow.To(row);
            var wanted = delivery with { Status = DeliveryStatus.Pending, NextAttemptAt = Now, QueuedAt = delivery.Status is DeliveryStatus.Pending ? delivery.QueuedAt : Now };
            var place = WaitingRow.From(WebhookKeys.Waiting(webhook, delivery.EventId), id, Now);
            var transaction = new GroupTransaction(storage.Webhooks, WebhookKeys.Deliveries).Merge(DeliveryRow.State(wanted), row.ETag);
            if (delivery.Status is DeliveryStatus.Pending)
            {
                var known = await storage.Webhooks.GetEntityIfExistsAsync<TableEntity>(WebhookKeys.Deliveries, place.RowKey, cancellationToken: ct);
                if (!known.HasValue)
                {
                    continue;
                }
                if (WaitingRow.To(known.Value!).ClaimedUntil > Now)
                {
                    // It is being tried.
                    return delivery;
                }
                transaction.Replace(place, known.Value!.ETag);
            }
            else
            {
                transaction.Add(place);
            }
            try
            {
                await transaction.CommitAsync(CancellationToken.None);
                return wanted;
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
            {
                // It was tried, or asked for, meanwhile: look again.
            }
        }
        return new Failure.Busy(Kind, id.ToString(), TimeSpan.FromSeconds(2));
    }

    /// <summary>Forgets settled deliveries of a webhook whose events are older than a moment.</summary>
    public async Task TrimAsync(WebhookId webhook, DateTimeOffset before, CancellationToken ct)
    {
        var (from, below) = WebhookKeys.DeliveriesBefore(webhook, before);
        var old = new List<string>();
        await foreach (var row in storage.Webhooks.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {WebhookKeys.Deliveries} and RowKey ge {from} and RowKey lt {below} and status ne {(int)DeliveryStatus.Pending}"), 1000, ["RowKey"], ct))
        {
            old.Add(row.RowKey);
        }
        foreach (var rows in old.Chunk(TableLimits.TransactionRows))
        {
            var transaction = new GroupTransaction(storage.Webhooks, WebhookKeys.Deliveries);
            foreach (var row in rows)
            {
                transaction.Remove(row);
            }
            try
            {
                await transaction.CommitAsync(ct);
            }
            catch (RequestFailedException lost) when (lost.Status is 404)
            {
                // Another instance trims too; what is left goes the next time.
            }
        }
    }

    private async Task<TableEntity?> FindRowAsync(WebhookId webhook, DeliveryId id, string[]? columns, CancellationToken ct)
    {
        var row = await storage.Webhooks.GetEntityIfExistsAsync<TableEntity>(WebhookKeys.Deliveries, WebhookKeys.Delivery(webhook, id), columns, ct);
        return row.HasValue ? row.Value : null;
    }
}
