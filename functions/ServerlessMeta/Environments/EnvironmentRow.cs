using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments;

/// <summary>The packages of an environment as a row: packed pairs of key and version in properties <c>p0</c> .. of up to 60 KiB; <c>more</c> when they do not fit, and the content must be read.</summary>
internal static class EnvironmentRow
{
    public const int MaxChunks = 14;
    private const int Schema = 1;
    private const int ChunkBytes = 60 * 1024;

    public static TableEntity From(string digest, IReadOnlyList<Tag> index)
    {
        var chunks = Pack(index);
        var row = new TableEntity(EnvironmentKeys.Partition, EnvironmentKeys.Environment(digest)) { ["v"] = Schema, ["n"] = index.Count };
        if (chunks.Length > MaxChunks)
        {
            row["more"] = true;
            return row;
        }
        for (var number = 0; number < chunks.Length; number++)
        {
            row[Chunk(number)] = chunks[number];
        }
        return row;
    }

    /// <returns>Null when the packages do not fit into a row.</returns>
    public static byte[][]? To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Environment row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        if (row.GetBoolean("more") is true)
        {
            return null;
        }
        var chunks = new List<byte[]>();
        while (row.GetBinary(Chunk(chunks.Count)) is { } chunk)
        {
            chunks.Add(chunk);
        }
        return [.. chunks];
    }

    public static byte[][] Pack(IReadOnlyList<Tag> index)
    {
        var chunks = new List<byte[]>();
        var chunk = new List<Tag>();
        var bytes = 0;
        foreach (var field in index)
        {
            var size = PackedFields.Measure(field);
            if (bytes + size > ChunkBytes)
            {
                chunks.Add(PackedFields.Encode(chunk));
                chunk.Clear();
                bytes = 0;
            }
            chunk.Add(field);
            bytes += size;
        }
        if (chunk.Count > 0)
        {
            chunks.Add(PackedFields.Encode(chunk));
        }
        return [.. chunks];
    }

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"p{number}");
}
