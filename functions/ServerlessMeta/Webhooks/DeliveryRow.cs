using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Models;

namespace ServerlessMeta.Webhooks;

/// <summary>A delivery as a row; the payload in <c>b0 b1 ..</c>, as it is sent every time.</summary>
internal static class DeliveryRow
{
    private const int Schema = 1;
    private const int ChunkBytes = 60 * 1024;

    // What an event tells, and a chunk for what is said around it.
    private const int Chunks = (ModelEventRow.HighestBytes / ChunkBytes) + 1;

    /// <summary>All but the payload.</summary>
    public static string[] Columns { get; } = ["PartitionKey", "RowKey", "v", "event", "of", "queued", "status", "attempts", "last", "http", "error", "next", "content"];

    public static TableEntity From(Delivery delivery, ReadOnlySpan<byte> payload)
    {
        var row = State(delivery);
        for (var chunk = 0; chunk * ChunkBytes < payload.Length; chunk++)
        {
            row[Chunk(chunk)] = payload[(chunk * ChunkBytes)..Math.Min(payload.Length, (chunk + 1) * ChunkBytes)].ToArray();
        }
        return row;
    }

    /// <summary>How it stands, to be merged into the row. What is unknown is written as what nobody reads: a merge cannot remove.</summary>
    public static TableEntity State(Delivery delivery) => new(WebhookKeys.Deliveries, WebhookKeys.Delivery(delivery.Webhook, delivery.Id))
    {
        ["v"] = Schema,
        ["event"] = delivery.EventId,
        ["of"] = delivery.Event,
        ["queued"] = delivery.QueuedAt,
        ["status"] = (int)delivery.Status,
        ["attempts"] = delivery.Attempts,
        ["last"] = delivery.LastAttemptAt ?? DateTimeOffset.UnixEpoch,
        ["http"] = delivery.HttpStatus ?? 0,
        ["error"] = delivery.Error ?? "",
        ["next"] = delivery.NextAttemptAt ?? DateTimeOffset.UnixEpoch,
        ["content"] = delivery.ContentType ?? "",
    };

    public static Delivery To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Delivery row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        return new Delivery
        {
            Id = DeliveryId.TryParse(row.RowKey[(row.RowKey.LastIndexOf('|') + 1)..], out var id) ? id : throw new InvalidDataException($"Delivery row '{row.RowKey}' has no delivery id."),
            Webhook = WebhookKeys.WebhookOf(row.RowKey),
            EventId = row.GetString("event"),
            Event = row.GetString("of"),
            QueuedAt = row.GetDateTimeOffset("queued")!.Value,
            Status = (DeliveryStatus)row.GetInt32("status")!.Value,
            Attempts = row.GetInt32("attempts")!.Value,
            LastAttemptAt = Moment(row, "last"),
            HttpStatus = row.GetInt32("http") is > 0 and var status ? status : null,
            Error = row.GetString("error") is { Length: > 0 } error ? error : null,
            NextAttemptAt = Moment(row, "next"),
            ContentType = row.GetString("content") is { Length: > 0 } content ? content : null,
        };
    }

    public static byte[] PayloadOf(TableEntity row) => [.. Enumerable.Range(0, Chunks).SelectMany(chunk => row.GetBinary(Chunk(chunk)) ?? [])];

    private static DateTimeOffset? Moment(TableEntity row, string property) => row.GetDateTimeOffset(property) is { } moment && moment > DateTimeOffset.UnixEpoch ? moment : null;

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"b{number}");
}
