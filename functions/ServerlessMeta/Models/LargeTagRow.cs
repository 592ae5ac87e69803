using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>A tag with a large value as a row: its key in <c>key</c>, its value's UTF-8 in <c>b0 b1 ..</c>. Without its value (deleted) there is no row.</summary>
internal static class LargeTagRow
{
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 12;

    /// <summary>How many bytes of UTF-8 a value may have that stands in the record's own row.</summary>
    public const int InlineBytes = 4 * 1024;

    public static bool IsLarge(Tag tag) => tag.Value.Length > InlineBytes / 3 && Encoding.UTF8.GetByteCount(tag.Value) > InlineBytes;

    public static LargeTag Describe(Tag tag)
    {
        var bytes = Encoding.UTF8.GetBytes(tag.Value);
        return new LargeTag(tag.Key, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
    }

    public static TableEntity From(long model, int version, Tag tag)
    {
        var row = new TableEntity(ModelKeys.Partition, ModelKeys.LargeTag(model, version, tag.Key)) { ["key"] = tag.Key };
        var bytes = Encoding.UTF8.GetBytes(tag.Value);
        for (var chunk = 0; chunk * ChunkBytes < bytes.Length; chunk++)
        {
            row[Chunk(chunk)] = bytes[(chunk * ChunkBytes)..Math.Min(bytes.Length, (chunk + 1) * ChunkBytes)];
        }
        return row;
    }

    public static Tag To(TableEntity row) =>
        new(row.GetString("key"), Encoding.UTF8.GetString(Enumerable.Range(0, Chunks).SelectMany(chunk => row.GetBinary(Chunk(chunk)) ?? []).ToArray()));

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"b{number}");
}
