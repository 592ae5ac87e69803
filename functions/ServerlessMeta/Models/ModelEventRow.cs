using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;

namespace ServerlessMeta.Models;

/// <summary>An event as a row of the outbox; what is told of it as JSON, UTF-8, in <c>d0 d1 ..</c>.</summary>
internal static class ModelEventRow
{
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 10;
    private const int CutCharacters = 500;
    private const int CutPairs = 100;

    /// <summary>What one event tells at most, in bytes of JSON.</summary>
    public const int HighestBytes = ChunkBytes * Chunks;

    public static TableEntity From(ModelEvent happened, string rowKey)
    {
        var row = new TableEntity(ModelKeys.Partition, rowKey)
        {
            ["id"] = happened.Id,
            ["entity"] = happened.Entity,
            ["action"] = happened.Action,
            ["at"] = happened.At,
        };
        var data = Json([.. happened.Data]);
        if (data.Length > HighestBytes)
        {
            // The event matters more than the whole of its tags, which a receiver can read.
            data = Json([.. happened.Data.Take(CutPairs).Select(static pair => KeyValuePair.Create(Cut(pair.Key)!, Cut(pair.Value)))]);
        }
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

    private static byte[] Json(KeyValuePair<string, string?>[] data) => JsonSerializer.SerializeToUtf8Bytes(data, ModelsJson.Relaxed.KeyValuePairStringStringArray);

    private static string? Cut(string? text) => text is { Length: > CutCharacters } ? string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[CutCharacters - 1]) ? CutCharacters - 1 : CutCharacters), "...") : text;

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"d{number}");
}
