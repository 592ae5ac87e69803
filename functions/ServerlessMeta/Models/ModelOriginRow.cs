using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>An origin as a row: JSON, compressed, in <c>z0 z1 ..</c>. What is too large for it gives way, params first, then metrics, locations of datasets, datasets; counts and digest stay.</summary>
internal static class ModelOriginRow
{
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 10;

    public static (ModelOrigin Origin, byte[] Packed) Pack(ModelOrigin origin)
    {
        var packed = Compress(origin);
        if (packed.Length > ChunkBytes * Chunks)
        {
            origin = origin with
            {
                Params = [],
                LoggedModel = origin.LoggedModel is { } model ? model with { Params = [] } : null,
                Missing = origin.Missing.Add("params: too many to keep; count and SHA-256 stand for them"),
            };
            packed = Compress(origin);
        }
        if (packed.Length > ChunkBytes * Chunks)
        {
            origin = origin with { Metrics = [], Missing = origin.Missing.Add("metrics: too many to keep") };
            packed = Compress(origin);
        }
        if (packed.Length > ChunkBytes * Chunks)
        {
            origin = origin with { Datasets = [.. origin.Datasets.Select(static dataset => dataset with { Location = null })], Missing = origin.Missing.Add("datasets: their locations are too long to keep") };
            packed = Compress(origin);
        }
        for (var (kept, missing) = (origin.Datasets.Length / 2, origin.Missing); packed.Length > ChunkBytes * Chunks && !origin.Datasets.IsEmpty; kept /= 2)
        {
            origin = origin with { Datasets = origin.Datasets[..kept], Missing = missing.Add(string.Create(CultureInfo.InvariantCulture, $"datasets: too large to keep; the first {kept} are listed")) };
            packed = Compress(origin);
        }
        return (origin, packed);
    }

    public static TableEntity From(long model, int version, byte[] packed)
    {
        var row = new TableEntity(ModelKeys.Partition, ModelKeys.Origin(model, version));
        for (var chunk = 0; chunk * ChunkBytes < packed.Length; chunk++)
        {
            row[Chunk(chunk)] = packed[(chunk * ChunkBytes)..Math.Min(packed.Length, (chunk + 1) * ChunkBytes)];
        }
        return row;
    }

    public static ModelOrigin To(TableEntity row)
    {
        using var packed = new MemoryStream([.. Enumerable.Range(0, Chunks).SelectMany(chunk => row.GetBinary(Chunk(chunk)) ?? [])]);
        using var json = new GZipStream(packed, CompressionMode.Decompress);
        return JsonSerializer.Deserialize(json, ModelsJson.Relaxed.ModelOrigin) ?? throw new InvalidDataException($"Origin row '{row.RowKey}' is empty.");
    }

    public static string? DigestOf(ImmutableArray<Tag> parameters) => parameters.IsEmpty ? null
        : Convert.ToHexStringLower(SHA256.HashData(PackedFields.Encode([.. parameters.OrderBy(static param => param.Key, StringComparer.Ordinal)])));

    private static byte[] Compress(ModelOrigin origin)
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            JsonSerializer.Serialize(zip, origin, ModelsJson.Relaxed.ModelOrigin);
        }
        return packed.ToArray();
    }

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"z{number}");
}
