using Azure.Data.Tables;

namespace ServerlessMeta.Webhooks;

/// <summary>A delivery's place in the queue as a row.</summary>
internal static class WaitingRow
{
    private const string Claimed = "claimed";

    public static TableEntity From(string rowKey, DeliveryId delivery, DateTimeOffset due) => new(WebhookKeys.Deliveries, rowKey)
    {
        ["delivery"] = delivery.ToString(),
        ["due"] = due,
        [Claimed] = DateTimeOffset.UnixEpoch,
    };

    public static TableEntity Claim(string rowKey, DateTimeOffset until) => new(WebhookKeys.Deliveries, rowKey) { [Claimed] = until };

    public static WaitingDelivery To(TableEntity row) => new(
        row.RowKey,
        DeliveryId.TryParse(row.GetString("delivery"), out var id) ? id : throw new InvalidDataException($"'{row.RowKey}' names no delivery."),
        row.GetDateTimeOffset("due")!.Value,
        row.GetDateTimeOffset(Claimed)!.Value,
        row.ETag);
}
