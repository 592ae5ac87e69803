using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Audit;

/// <summary>Entries that were committed together as a row: their lines, one after another with a line feed between, in <c>e0 e1 ..</c>; <c>c</c> counts them.</summary>
internal static class AuditRow
{
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 12;

    /// <summary>What the lines of one commit may weigh.</summary>
    public const int HighestBytes = ChunkBytes * Chunks;

    public static TableEntity From(string partition, string rowKey, IReadOnlyList<byte[]> lines, string write)
    {
        var row = new TableEntity(partition, rowKey) { ["c"] = lines.Count, [WriteId.Property] = write };
        var all = new byte[lines.Sum(static line => line.Length + 1) - 1];
        var at = 0;
        foreach (var line in lines)
        {
            line.CopyTo(all, at);
            at += line.Length + 1;
            if (at <= all.Length)
            {
                all[at - 1] = (byte)'\n';
            }
        }
        for (var chunk = 0; chunk * ChunkBytes < all.Length; chunk++)
        {
            row[Chunk(chunk)] = all[(chunk * ChunkBytes)..Math.Min(all.Length, (chunk + 1) * ChunkBytes)];
        }
        return row;
    }

    /// <summary>The lines as they were written. What the store does not write, a property that is missing or of another type, makes a line that is no entry.</summary>
    public static byte[] BytesOf(TableEntity row) => [.. Enumerable.Range(0, Chunks).SelectMany(chunk => (row.TryGetValue(Chunk(chunk), out var value) ? value : null) switch
    {
        byte[] bytes => bytes,
        BinaryData bytes => bytes.ToArray(),
        null => chunk == 0 ? "?"u8.ToArray() : [],
        _ => "?"u8.ToArray(),
    })];

    /// <summary>The lines as they were written.</summary>
    public static List<ReadOnlyMemory<byte>> LinesOf(TableEntity row) => LinesOf(BytesOf(row));

    public static List<ReadOnlyMemory<byte>> LinesOf(byte[] bytes)
    {
        var rest = (ReadOnlyMemory<byte>)bytes;
        var lines = new List<ReadOnlyMemory<byte>>();
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            lines.Add(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        return lines;
    }

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"e{number}");
}
