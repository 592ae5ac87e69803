using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>
/// Tags packed into the properties <c>g0 g1 ..</c> of a row. Large values stand in rows of their own (<see cref="LargeTagRow"/>); <c>large</c> has the key, SHA-256 and length of each.
/// </summary>
internal static class TagColumns
{
    private const string Large = "large";
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 3;

    /// <summary>What a row has of tags, in bytes packed: it is written with a copy, and with another row and its copy, in one transaction.</summary>
    public const int HighestBytes = 128 * 1024;

    public static void Write(TableEntity row, ImmutableArray<Tag> tags, ImmutableArray<LargeTag> large)
    {
        if (!large.IsEmpty)
        {
            row[Large] = PackedFields.Encode([.. large.Select(static tag => new Tag(tag.Key, string.Create(CultureInfo.InvariantCulture, $"{tag.Sha256} {tag.Bytes}")))]);
        }
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

    public static ImmutableArray<LargeTag> ReadLarge(TableEntity row)
    {
        var large = new List<Tag>();
        PackedFields.Decode(row.GetBinary(Large), large);
        return [.. large.Select(static tag => tag.Value.Split(' ') is [var sha256, var bytes] ? new LargeTag(tag.Key, sha256, int.Parse(bytes, CultureInfo.InvariantCulture))
            : throw new InvalidDataException($"'{tag.Value}' describes no large tag."))];
    }

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"g{number}");
}
