using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using ServerlessMeta.Models;

namespace ServerlessMeta.Policies;

/// <summary>A policy as a row: its JSON in <c>t0 t1 ..</c>.</summary>
internal static class PolicyRow
{
    private const int Schema = 1;
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 6;

    public static TableEntity From(ModelPolicy policy, byte[] json, string rowKey)
    {
        var row = new TableEntity(ModelKeys.Partition, rowKey)
        {
            ["v"] = Schema,
            ["at"] = policy.At,
            ["by"] = policy.By,
        };
        for (var chunk = 0; chunk * ChunkBytes < json.Length; chunk++)
        {
            row[Chunk(chunk)] = json[(chunk * ChunkBytes)..Math.Min(json.Length, (chunk + 1) * ChunkBytes)];
        }
        return row;
    }

    public static ModelPolicy To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Policy row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        using var json = JsonDocument.Parse(JsonOf(row));
        return new ModelPolicy
        {
            Number = PolicyKeys.NumberOf(row.RowKey),
            At = row.GetDateTimeOffset("at")!.Value,
            By = row.GetString("by"),
            Content = PolicyBody.Read(json.RootElement).Content ?? throw new InvalidDataException($"Policy row '{row.RowKey}' holds no policy."),
        };
    }

    public static byte[] JsonOf(TableEntity row) => [.. Enumerable.Range(0, Chunks).SelectMany(chunk => row.GetBinary(Chunk(chunk)) ?? [])];

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"t{number}");
}
