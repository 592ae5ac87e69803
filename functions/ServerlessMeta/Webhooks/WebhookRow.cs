using Azure.Data.Tables;

namespace ServerlessMeta.Webhooks;

/// <summary>A webhook as a row; <c>gone</c>: it was deleted, and only name and chain are left.</summary>
internal static class WebhookRow
{
    public const string Gone = "gone";
    public const string Created = "webhook";
    private const int Schema = 1;

    public static TableEntity From(Webhook webhook)
    {
        var row = new TableEntity(WebhookKeys.Partition, WebhookKeys.Webhook(webhook.Id))
        {
            ["v"] = Schema,
            [Gone] = false,
            ["name"] = webhook.Name,
            ["url"] = webhook.Url,
            ["events"] = string.Join(' ', webhook.Events),
            ["status"] = (int)webhook.Status,
            ["created"] = webhook.CreatedAt,
            ["updated"] = webhook.UpdatedAt,
        };
        if (webhook.Description is { } description)
        {
            row["description"] = description;
        }
        if (webhook.Reason is { } reason)
        {
            row["reason"] = reason;
        }
        if (!webhook.Secret.IsDefaultOrEmpty)
        {
            row["secret"] = webhook.Secret.AsSpan().ToArray();
        }
        return row;
    }

    /// <summary>What a deleted webhook leaves: neither its address nor its secret.</summary>
    public static TableEntity Tombstone(Webhook webhook, DateTimeOffset at) => new(WebhookKeys.Partition, WebhookKeys.Webhook(webhook.Id))
    {
        ["v"] = Schema,
        [Gone] = true,
        ["name"] = webhook.Name,
        ["created"] = webhook.CreatedAt,
        ["updated"] = at,
    };

    /// <summary>Null: it was deleted.</summary>
    public static Webhook? To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Webhook row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        return row.GetBoolean(Gone) is true ? null : new Webhook
        {
            Id = WebhookKeys.WebhookOf(row.RowKey),
            Name = row.GetString("name"),
            Description = row.GetString("description"),
            Url = row.GetString("url"),
            Events = [.. row.GetString("events").Split(' ').Select(WebhookEvent.Find).OfType<WebhookEvent>()],
            Status = (WebhookStatus)row.GetInt32("status")!.Value,
            Reason = row.GetString("reason"),
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            UpdatedAt = row.GetDateTimeOffset("updated")!.Value,
            Secret = [.. row.GetBinary("secret") ?? []],
        };
    }
}
