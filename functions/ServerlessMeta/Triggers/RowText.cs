using System.Globalization;
using Azure.Data.Tables;

namespace ServerlessMeta.Triggers;

/// <summary>A text that is longer than a property, in <c>t0 t1 ..</c>.</summary>
internal static class RowText
{
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 12;

    /// <summary>How long it may be.</summary>
    public const int HighestBytes = ChunkBytes * Chunks;

    /// <exception cref="InvalidOperationException">It is longer: a bug, for whoever writes bounds it first.</exception>
    public static void Write(TableEntity row, ReadOnlySpan<byte> text)
    {
        if (text.Length > HighestBytes)
        {
            throw new InvalidOperationException($"Row '{row.RowKey}' would hold {text.Length} bytes of text.");
        }
        for (var chunk = 0; chunk * ChunkBytes < text.Length; chunk++)
        {
            row[Name(chunk)] = text[(chunk * ChunkBytes)..Math.Min(text.Length, (chunk + 1) * ChunkBytes)].ToArray();
        }
    }

    public static byte[] Read(TableEntity row) => [.. Enumerable.Range(0, Chunks).SelectMany(chunk => row.GetBinary(Name(chunk)) ?? [])];

    private static string Name(int chunk) => string.Create(CultureInfo.InvariantCulture, $"t{chunk}");
}
