using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Tags packed into the properties <c>g0 g1 ..</c> of a row.</summary>
internal static class TagColumns
{
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 12;

    /// <summary>What fits of tags, in bytes packed.</summary>
    public const int HighestBytes = ChunkBytes * Chunks;

    public static void Write(TableEntity row, ImmutableArray<Tag> tags)
    {
        var packed = PackedFields.Encode(tags);
        for (var chunk = 0; chunk * ChunkBytes < packed.Length; chunk++)
        {
            row[Chunk(chunk)] = packed[(chunk * ChunkBytes)..Math.Min(packed.Length, (chunk + 1) * ChunkBytes)];
        }
    }

    public static ImmutableArray<Tag> Read(TableEntity row)
    {
        var tags = new List<Tag>();
        PackedFields.Decode(Enumerable.Range(0, Chunks).SelectMany(chunk => row.GetBinary(Chunk(chunk)) ?? []).ToArray(), tags);
        return [.. tags];
    }

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"g{number}");
}
