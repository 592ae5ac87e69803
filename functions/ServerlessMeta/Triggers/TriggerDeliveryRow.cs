using Azure.Data.Tables;

namespace ServerlessMeta.Triggers;

/// <summary>Something that is sent, as a row, its payload in <c>t0 t1 ..</c>; and its place in the outbox.</summary>
internal static class TriggerDeliveryRow
{
    private const string Due = "due";
    private const string Claimed = "claimed";

    /// <summary>All but the payload.</summary>
    public static string[] Columns { get; } =
        ["PartitionKey", "RowKey", "decision", "number", "event", "type", "to", "receiver", "tells", "rule", "queued", "status", "attempts", "last", "next", "error", "webhook", "delivery"];

    public static TableEntity From(TriggerDelivery delivery, ReadOnlySpan<byte> payload)
    {
        var row = State(delivery);
        RowText.Write(row, payload);
        return row;
    }

    /// <summary>How it stands, to be merged into the row: what is unknown is written as what nobody reads, for a merge cannot remove.</summary>
    public static TableEntity State(TriggerDelivery delivery) => new(TriggerKeys.Partition, TriggerKeys.Delivery(delivery.Decision, delivery.Number))
    {
        ["decision"] = delivery.Decision,
        ["number"] = delivery.Number,
        ["event"] = delivery.EventId,
        ["type"] = delivery.Type,
        ["to"] = delivery.Action.Type,
        ["receiver"] = delivery.Action.Receiver,
        ["tells"] = delivery.Action.TellsDrift,
        ["rule"] = delivery.Rule,
        ["queued"] = delivery.QueuedAt,
        ["status"] = (int)delivery.Status,
        ["attempts"] = delivery.Attempts,
        ["last"] = delivery.LastAttemptAt ?? DateTimeOffset.UnixEpoch,
        ["next"] = delivery.NextAttemptAt ?? DateTimeOffset.UnixEpoch,
        ["error"] = delivery.Error ?? "",
        ["webhook"] = delivery.Webhook ?? "",
        ["delivery"] = delivery.WebhookDelivery ?? "",
    };

    public static TriggerDelivery To(TableEntity row) => new()
    {
        Decision = row.GetString("decision"),
        Number = row.GetInt32("number")!.Value,
        EventId = row.GetString("event"),
        Type = row.GetString("type"),
        Action = new TriggerAction(row.GetString("to"), row.GetString("receiver"), row.GetBoolean("tells")!.Value),
        Rule = row.GetString("rule"),
        QueuedAt = row.GetDateTimeOffset("queued")!.Value,
        Status = (TriggerDeliveryStatus)row.GetInt32("status")!.Value,
        Attempts = row.GetInt32("attempts")!.Value,
        LastAttemptAt = Moment(row, "last"),
        NextAttemptAt = Moment(row, "next"),
        Error = Text(row, "error"),
        Webhook = Text(row, "webhook"),
        WebhookDelivery = Text(row, "delivery"),
    };

    public static TableEntity Queued(TriggerDelivery delivery, DateTimeOffset due) => new(TriggerKeys.Partition, TriggerKeys.Queued(delivery.Decision, delivery.Number)) { [Due] = due, [Claimed] = DateTimeOffset.UnixEpoch };

    public static TableEntity Claim(string rowKey, DateTimeOffset until) => new(TriggerKeys.Partition, rowKey) { [Claimed] = until };

    public static (DateTimeOffset Due, DateTimeOffset ClaimedUntil) DueOf(TableEntity queued) => (queued.GetDateTimeOffset(Due)!.Value, queued.GetDateTimeOffset(Claimed)!.Value);

    private static string? Text(TableEntity row, string property) => row.GetString(property) is { Length: > 0 } text ? text : null;

    private static DateTimeOffset? Moment(TableEntity row, string property) => row.GetDateTimeOffset(property) is { } moment && moment > DateTimeOffset.UnixEpoch ? moment : null;
}
