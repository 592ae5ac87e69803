using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Webhooks;

/// <summary>Webhooks. Every change is one transaction with its audit entry, under the ETag of the webhook's row.</summary>
public sealed class WebhookStore
{
    /// <summary>The kind of its objects, in failures.</summary>
    public const string Kind = "Webhook";

    private const string AuditKind = "webhook";
    private readonly StorageClients storage;
    private readonly WebhookSecrets secrets;
    private readonly WebhooksOptions options;
    private readonly TimeProvider time;

    internal WebhookStore(StorageClients storage, WebhookSecrets secrets, WebhooksOptions options, TimeProvider time) =>
        (this.storage, this.secrets, this.options, this.time) = (storage, secrets, options, time);

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    public async Task<Result<Webhook>> CreateAsync(NewWebhook wanted, CancellationToken ct)
    {
        if (WebhookRules.Check(wanted.Name, wanted.Url, wanted.Description, wanted.Secret, options) is { } wrong)
        {
            return wrong;
        }
        var claim = wanted.IdempotencyKey is { } key ? WebhookKeys.Repeated(key) : null;
        if (claim is not null && await FindCreatedAsync(claim, ct) is { } known)
        {
            return known;
        }
        var id = WebhookId.New(Now);
        var webhook = new Webhook
        {
            Id = id,
            Name = wanted.Name,
            Description = Text(wanted.Description),
            Url = wanted.Url,
            Events = [.. wanted.Events.Distinct()],
            Status = wanted.Status,
            CreatedAt = Now,
            UpdatedAt = Now,
            Secret = secrets.Seal(id, wanted.Secret),
        };
        var row = WebhookRow.From(webhook);
        try
        {
            await CommitAsync(null, row, webhook, "webhook.create", Facts(webhook),
                claim is null ? null : new TableEntity(WebhookKeys.Partition, claim) { [WebhookRow.Created] = webhook.Id.ToString() });
            return webhook;
        }
        catch (RequestFailedException lost) when (lost.Status is 409 && claim is not null)
        {
            return await FindCreatedAsync(claim, ct) is { } first ? first : new Failure.Clash(Kind, wanted.Name, "The webhook that this Idempotency-Key created was deleted.");
        }
    }

    public async Task<Webhook?> FindAsync(WebhookId id, CancellationToken ct) => await FindRowAsync(id, ct) is { } row ? WebhookRow.To(row) : null;

    /// <summary>Webhooks, the newest first.</summary>
    public async Task<Result<Paged<Webhook>>> ListAsync(int size, string? pageToken, CancellationToken ct)
    {
        var after = PageToken.Read(AuditKind, pageToken);
        if (!after.IsOk)
        {
            return after.Failure;
        }
        if (after.Value is { } last && !PageToken.IsWithin(last, WebhookKeys.Webhooks.From, WebhookKeys.Webhooks.Below))
        {
            return new Failure.Invalid("page_token", PageToken.Elsewhere);
        }
        var found = new List<Webhook>();
        await foreach (var row in QueryAsync(after.Value, Math.Min(size + 1, 1000), ct))
        {
            if (found.Count == size)
            {
                return new Paged<Webhook>([.. found], PageToken.Write(AuditKind, WebhookKeys.Webhook(found[^1].Id)));
            }
            found.Add(WebhookRow.To(row)!);
        }
        return new Paged<Webhook>([.. found], null);
    }

    public Task<Result<Webhook>> UpdateAsync(WebhookId id, WebhookUpdate update, CancellationToken ct)
    {
        if (WebhookRules.Check(update.Name, update.Url, update.Description, update.Secret, options) is { } wrong)
        {
            return Task.FromResult<Result<Webhook>>(wrong);
        }
        return ChangeAsync(id, "webhook.update", webhook =>
        {
            var status = update.Status ?? webhook.Status;
            return webhook with
            {
                Name = update.Name ?? webhook.Name,
                Description = Text(update.Description) ?? webhook.Description,
                Url = update.Url ?? webhook.Url,
                Events = update.Events.IsDefaultOrEmpty ? webhook.Events : [.. update.Events.Distinct()],
                // The same secret is left as it is, so that repeating an update changes nothing.
                Secret = string.IsNullOrEmpty(update.Secret) || Same(webhook, update.Secret) ? webhook.Secret : secrets.Seal(id, update.Secret),
                Status = status,
                Reason = status is WebhookStatus.Active ? null : webhook.Reason,
            };
        }, ct);
    }

    /// <summary>Deletes a webhook; its address and its secret are not kept.</summary>
    public async Task<Result<WebhookId>> DeleteAsync(WebhookId id, CancellationToken ct)
    {
        var changed = await ChangeAsync(id, "webhook.delete", static _ => null, ct);
        return changed.IsOk ? id : changed.Failure;
    }

    /// <summary>The store's own decision about an address, with its reason; a webhook that has another address meanwhile stays as it is.</summary>
    internal Task<Result<Webhook>> DisableAsync(WebhookId id, string url, string reason, CancellationToken ct) =>
        ChangeAsync(id, "webhook.disable", webhook => webhook.Status is WebhookStatus.Disabled || webhook.Url != url ? webhook : webhook with { Status = WebhookStatus.Disabled, Reason = reason }, ct);

    /// <summary>All webhooks that listen.</summary>
    internal async Task<List<Webhook>> ListActiveAsync(CancellationToken ct)
    {
        var active = new List<Webhook>();
        await foreach (var row in QueryAsync(null, 1000, ct))
        {
            if (WebhookRow.To(row) is { Status: WebhookStatus.Active } webhook)
            {
                active.Add(webhook);
            }
        }
        return active;
    }

    /// <summary>Every webhook there ever was.</summary>
    internal async IAsyncEnumerable<WebhookId> ListIdsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (from, below) = WebhookKeys.Webhooks;
        await foreach (var row in storage.Webhooks.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {WebhookKeys.Partition} and RowKey ge {from} and RowKey lt {below}"), 1000, ["RowKey"], ct))
        {
            yield return WebhookKeys.WebhookOf(row.RowKey);
        }
    }

    internal AuditSource Audited() => new()
    {
        IsAlwaysAudited = true,
        Kind = AuditKind,
        Letters = WebhookKeys.RecordLetters,
        Partitions = ct => AuditedPartition.Of(storage.Webhooks, [WebhookKeys.Partition], ct),
        Locate = async (text, ct) => WebhookId.TryParse(text, CultureInfo.InvariantCulture, out var id) && await FindRowAsync(id, ct) is { } row
            ? new AuditedObject(new AuditedPartition(storage.Webhooks, WebhookKeys.Partition), id.ToString(), row.RowKey) : null,
    };

    /// <param name="id">Which.</param>
    /// <param name="action">What the audit calls it.</param>
    /// <param name="change">The webhook as it is to be; null: deleted. One that is as it was is not written.</param>
    /// <param name="ct">Gives up before the commit.</param>
    private async Task<Result<Webhook>> ChangeAsync(WebhookId id, string action, Func<Webhook, Webhook?> change, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            if (await FindRowAsync(id, ct) is not { } stored || WebhookRow.To(stored) is not { } webhook)
            {
                return new Failure.NotFound(Kind, id.ToString());
            }
            var changed = change(webhook);
            if (changed is not null && RowDigest.Of(WebhookRow.From(changed)) == RowDigest.Of(stored))
            {
                return webhook;
            }
            var row = changed is null ? WebhookRow.Tombstone(webhook, Now) : WebhookRow.From(changed = changed with { UpdatedAt = Now });
            try
            {
                await CommitAsync(stored, row, changed ?? webhook, action, changed is null ? [] : Differences(webhook, changed), null);
                return changed ?? webhook;
            }
            catch (RequestFailedException lost) when (lost.Status is 409 or 412)
            {
                if (!await BackOff.WaitAsync(time, started, attempt, ct))
                {
                    return new Failure.Busy(Kind, id.ToString(), TimeSpan.FromSeconds(1));
                }
            }
        }
    }

    // One transaction: the row, its entry, and the claim of a creation. An answer that was lost is found by the row's write id.
    private async Task CommitAsync(TableEntity? stored, TableEntity row, Webhook webhook, string action, IEnumerable<KeyValuePair<string, string>> facts, TableEntity? claim)
    {
        var write = WriteId.New();
        var trail = new AuditTrail(webhook.Id.ToString(), $"{AuditKind}:{webhook.Id}", stored is null ? AuditHead.None : AuditHead.Of(stored));
        trail.Record(Caller.Current, Now, action, [new RowChange(row.RowKey, stored is null ? null : RowDigest.Of(stored), RowDigest.Of(row))], webhook.Name, facts);
        trail.Head.Write(row);
        row[WriteId.Property] = write;
        var transaction = new GroupTransaction(storage.Webhooks, WebhookKeys.Partition);
        _ = stored is null ? transaction.Add(row) : transaction.Replace(row, stored.ETag);
        foreach (var entry in trail.Rows(WebhookKeys.Partition, write))
        {
            transaction.Add(entry);
        }
        if (claim is not null)
        {
            transaction.Add(claim);
        }
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception unsure) when (unsure is RequestFailedException { Status: 409 or 412 } || Outage.IsAmbiguous(unsure))
        {
            if ((await FindRowAsync(webhook.Id, CancellationToken.None))?.GetString(WriteId.Property) != write)
            {
                throw;
            }
        }
    }

    private async Task<Webhook?> FindCreatedAsync(string claim, CancellationToken ct)
    {
        var row = await storage.Webhooks.GetEntityIfExistsAsync<TableEntity>(WebhookKeys.Partition, claim, cancellationToken: ct);
        return row.HasValue && WebhookId.TryParse(row.Value!.GetString(WebhookRow.Created), CultureInfo.InvariantCulture, out var id) ? await FindAsync(id, ct) : null;
    }

    private async Task<TableEntity?> FindRowAsync(WebhookId id, CancellationToken ct)
    {
        var row = await storage.Webhooks.GetEntityIfExistsAsync<TableEntity>(WebhookKeys.Partition, WebhookKeys.Webhook(id), cancellationToken: ct);
        return row.HasValue ? row.Value : null;
    }

    private AsyncPageable<TableEntity> QueryAsync(string? after, int page, CancellationToken ct)
    {
        var (from, below) = WebhookKeys.Webhooks;
        return storage.Webhooks.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {WebhookKeys.Partition} and RowKey gt {after ?? from} and RowKey lt {below} and gone eq {false}"), page, cancellationToken: ct);
    }

    private bool Same(Webhook webhook, string secret) => secrets.Open(webhook.Id, webhook.Secret) is { } known && known.AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(secret));

    // An address may hold a secret in its path or query: the audit names the host only.
    private static IEnumerable<KeyValuePair<string, string>> Facts(Webhook webhook) =>
    [
        KeyValuePair.Create("host", new Uri(webhook.Url).Authority),
        KeyValuePair.Create("events", string.Join(' ', webhook.Events)),
        KeyValuePair.Create("status", webhook.Status.ToString().ToLowerInvariant()),
        KeyValuePair.Create("signed", webhook.Secret.IsEmpty ? "no" : "yes"),
    ];

    private static List<KeyValuePair<string, string>> Differences(Webhook before, Webhook after)
    {
        var old = Facts(before).ToDictionary(StringComparer.Ordinal);
        List<KeyValuePair<string, string>> changed = [.. Facts(after).Where(fact => old[fact.Key] != fact.Value)];
        void Note(string field, bool differs, string value = "changed")
        {
            if (differs)
            {
                changed.Add(KeyValuePair.Create(field, value));
            }
        }
        Note("name", before.Name != after.Name, after.Name);
        Note("description", before.Description != after.Description);
        Note("url", before.Url != after.Url);
        Note("secret", !before.Secret.AsSpan().SequenceEqual(after.Secret.AsSpan()));
        Note("reason", after.Reason is not null && before.Reason != after.Reason, after.Reason ?? "");
        return changed;
    }

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
