using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;

namespace ServerlessMeta.Models;

/// <summary>An event as a row of the outbox; what is told of it as JSON, UTF-8, in <c>d0 d1 ..</c>.</summary>
internal static class ModelEventRow
{
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 14;

    public static TableEntity From(ModelEvent happened, string rowKey)
    {
        var row = new TableEntity(ModelKeys.Partition, rowKey)
        {
            ["id"] = happened.Id,
            ["entity"] = happened.Entity,
            ["action"] = happened.Action,
            ["at"] = happened.At,
        };
        var data = JsonSerializer.SerializeToUtf8Bytes([.. happened.Data], ModelsJson.Relaxed.KeyValuePairStringStringArray);
        for (var chunk = 0; chunk * ChunkBytes < data.Length; chunk++)
        {
            row[Chunk(chunk)] = data[(chunk * ChunkBytes)..Math.Min(data.Length, (chunk + 1) * ChunkBytes)];
        }
        return row;
    }

    public static ModelEvent To(TableEntity row) => new(
        row.GetString("id"), row.GetString("entity"), row.GetString("action"), row.GetDateTimeOffset("at")!.Value,
        JsonSerializer.Deserialize(Enumerable.Range(0, Chunks).SelectMany(chunk => row.GetBinary(Chunk(chunk)) ?? []).ToArray(), ModelsJson.Default.KeyValuePairStringStringArray)!);

    public static string IdOf(long model, long revision, int number) => string.Create(CultureInfo.InvariantCulture, $"{model}-{revision}-{number}");

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"d{number}");
}
