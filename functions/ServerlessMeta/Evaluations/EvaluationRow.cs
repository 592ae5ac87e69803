using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Azure.Data.Tables;
using ServerlessMeta.Models;

namespace ServerlessMeta.Evaluations;

/// <summary>An evaluation as a row: dataset, digest and slice as properties to look for, the whole content as zipped JSON in <c>z0 z1 ..</c>.</summary>
internal static class EvaluationRow
{
    private const int Schema = 1;
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 10;

    /// <summary>What the content may weigh, zipped.</summary>
    public const int HighestBytes = ChunkBytes * Chunks;

    public static byte[] Pack(EvaluationContent content)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            zip.Write(EvaluationContentJson.Write(content));
        }
        return packed.ToArray();
    }

    public static TableEntity From(Evaluation evaluation, byte[] packed, string rowKey)
    {
        var row = new TableEntity(ModelKeys.Partition, rowKey)
        {
            ["v"] = Schema,
            ["id"] = evaluation.Id,
            ["dataset"] = evaluation.Content.Dataset,
            ["digest"] = evaluation.Content.Digest,
            ["at"] = evaluation.RecordedAt,
            ["by"] = evaluation.RecordedBy,
            ["hash"] = evaluation.Content.Hash(),
        };
        if (evaluation.Content.Slice is { } slice)
        {
            row["slice"] = slice;
        }
        for (var chunk = 0; chunk * ChunkBytes < packed.Length; chunk++)
        {
            row[Chunk(chunk)] = packed[(chunk * ChunkBytes)..Math.Min(packed.Length, (chunk + 1) * ChunkBytes)];
        }
        return row;
    }

    public static Evaluation To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Evaluation row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        using var zip = new GZipStream(new MemoryStream([.. Enumerable.Range(0, Chunks).SelectMany(chunk => row.GetBinary(Chunk(chunk)) ?? [])]), CompressionMode.Decompress);
        using var json = new MemoryStream();
        zip.CopyTo(json);
        return new Evaluation(
            row.GetString("id"),
            ModelKeys.ModelOf(row.RowKey),
            ModelKeys.VersionOf(row.RowKey),
            EvaluationContentJson.Read(json.GetBuffer().AsMemory(0, (int)json.Length)),
            row.GetDateTimeOffset("at")!.Value,
            row.GetString("by"));
    }

    /// <summary>How much the content is unzipped: gzip ends with it (RFC 1952).</summary>
    public static int BytesOf(TableEntity row)
    {
        var chunk = Chunks - 1;
        while (chunk > 0 && row.GetBinary(Chunk(chunk)) is null)
        {
            chunk--;
        }
        ReadOnlySpan<byte> end = [.. chunk > 0 ? row.GetBinary(Chunk(chunk - 1)) : [], .. row.GetBinary(Chunk(chunk))];
        return BinaryPrimitives.ReadInt32LittleEndian(end[^4..]);
    }

    /// <summary>Whether a row is that evaluation.</summary>
    public static bool Is(TableEntity row, long model, int version, string id) =>
        row.RowKey.StartsWith(EvaluationKeys.Evaluations(model, version, null).From, StringComparison.Ordinal) && row.GetString("id") == id;

    /// <summary>SHA-256 of the content in a row.</summary>
    public static string HashIn(TableEntity row) => row.GetString("hash");

    /// <summary>The claim of an evaluation's id.</summary>
    public static TableEntity Claim(string claimKey, string rowKey) => new(ModelKeys.Partition, claimKey) { ["row"] = rowKey };

    /// <summary>The row that a claim names.</summary>
    public static string RowOf(TableEntity claim) => claim.GetString("row");

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"z{number}");
}
