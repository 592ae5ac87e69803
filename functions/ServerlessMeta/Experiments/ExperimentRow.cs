using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Experiments;

/// <summary>An experiment as a row; tags are packed into <c>g0</c> .. <c>g11</c>.</summary>
internal static class ExperimentRow
{
    private const int Schema = 1;
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 12;

    /// <summary>What fits of tags, in bytes packed.</summary>
    public const int TagBytes = ChunkBytes * Chunks;

    public static TableEntity From(Experiment experiment, string write)
    {
        var row = new TableEntity(ExperimentKeys.Partition, ExperimentKeys.Experiment(experiment.Id))
        {
            ["v"] = Schema,
            [WriteId.Property] = write,
            ["name"] = experiment.Name,
            ["stage"] = (int)experiment.Stage,
            ["epoch"] = experiment.Epoch,
            ["bits"] = experiment.PartitionBits,
            ["created"] = experiment.CreatedAt,
            ["updated"] = experiment.UpdatedAt,
        };
        if (experiment.ArtifactLocation is { } location)
        {
            row["location"] = location;
        }
        var packed = PackedFields.Encode(experiment.Tags);
        for (var chunk = 0; chunk * ChunkBytes < packed.Length; chunk++)
        {
            row[Chunk(chunk)] = packed[(chunk * ChunkBytes)..Math.Min(packed.Length, (chunk + 1) * ChunkBytes)];
        }
        return row;
    }

    public static Experiment To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Experiment row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        var tags = new List<Tag>();
        PackedFields.Decode(Enumerable.Range(0, Chunks).SelectMany(chunk => row.GetBinary(Chunk(chunk)) ?? []).ToArray(), tags);
        return new Experiment
        {
            Id = ExperimentId.Parse(row.RowKey[2..].TrimStart('0') is { Length: > 0 } digits ? digits : "0", CultureInfo.InvariantCulture),
            Name = row.GetString("name"),
            ArtifactLocation = row.GetString("location"),
            Stage = (LifecycleStage)row.GetInt32("stage")!.Value,
            Epoch = row.GetInt32("epoch")!.Value,
            PartitionBits = row.GetInt32("bits")!.Value,
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            UpdatedAt = row.GetDateTimeOffset("updated")!.Value,
            Tags = [.. tags],
        };
    }

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"g{number}");
}
