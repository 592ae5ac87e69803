using System.Collections.Immutable;
using System.Text;
using ServerlessMeta.Datasets;
using ServerlessMeta.Experiments;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>A run's state as it lies in storage: immutable, still packed, so that an index of many costs little memory.</summary>
internal sealed class RunRecord
{
    private static readonly byte[] EnvironmentKey = Encoding.UTF8.GetBytes(StoredInput.EnvironmentKey);
    private static readonly byte[] LaunchKey = Encoding.UTF8.GetBytes(StoredInput.LaunchKey);

    public required RunId Id { get; init; }

    public required long Revision { get; init; }

    public required string Name { get; init; }

    public required string UserId { get; init; }

    public required RunStatus Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    public required LifecycleStage Stage { get; init; }

    public required int Epoch { get; init; }

    public required string? ArtifactRoot { get; init; }

    public required byte[][] Params { get; init; }

    public required byte[][] Tags { get; init; }

    public required byte[][] Latest { get; init; }

    public required byte[][] Inputs { get; init; }

    /// <summary>About what the record takes in memory, in bytes.</summary>
    public int Weight => 320 + (2 * (Name.Length + UserId.Length)) + Weigh(Params) + Weigh(Tags) + Weigh(Latest) + Weigh(Inputs);

    /// <summary>The run's own stage, or its experiment's when that was deleted or restored after the row was last marked.</summary>
    public LifecycleStage StageIn(Experiment experiment) => Epoch < experiment.Epoch ? experiment.Stage : Stage;

    public bool TryMetric(ReadOnlySpan<byte> key, out double value)
    {
        foreach (var chunk in Latest)
        {
            if (LatestTable.Find(chunk, key, out var point, out _) >= 0)
            {
                value = point.Value;
                return true;
            }
        }
        value = 0;
        return false;
    }

    public string? Param(ReadOnlySpan<byte> key) => Find(Params, key);

    public string? Tag(ReadOnlySpan<byte> key) => Find(Tags, key);

    /// <summary>The ordinal of a metric; -1 when the run has no such metric.</summary>
    public int OrdinalOf(string metric)
    {
        var key = Encoding.UTF8.GetBytes(metric);
        var before = 0;
        foreach (var chunk in Latest)
        {
            var place = LatestTable.Find(chunk, key, out _, out var passed);
            if (place >= 0)
            {
                return before + place;
            }
            before += passed;
        }
        return -1;
    }

    public RunInfo ToInfo(LifecycleStage stage) => new()
    {
        Id = Id,
        Name = Name,
        UserId = UserId,
        Status = Status,
        StartedAt = StartedAt,
        EndedAt = EndedAt,
        Stage = stage,
        ArtifactRoot = ArtifactRoot,
    };

    public Run ToRun(LifecycleStage stage)
    {
        var inputs = Unpack(Inputs);
        return new Run
        {
            Info = ToInfo(stage),
            Metrics = [.. Latest.SelectMany(static chunk => LatestTable.Decode(chunk)).Select(static metric => new MetricPoint(metric.Key, metric.Point.Value, metric.Point.Timestamp, metric.Point.Step))],
            Params = Unpack(Params),
            Tags = Unpack(Tags),
            Datasets = StoredInput.Datasets(inputs),
            Models = StoredInput.Models(inputs),
            Outputs = StoredInput.Outputs(inputs),
            Revision = Revision,
            EnvironmentDigest = StoredInput.Environment(inputs),
            LaunchDigest = StoredInput.Launch(inputs),
        };
    }

    public ImmutableArray<DatasetInput> Datasets => Inputs.Length == 0 ? [] : StoredInput.Datasets(Unpack(Inputs));

    public ImmutableArray<ModelOutput> Outputs => Inputs.Length == 0 ? [] : StoredInput.Outputs(Unpack(Inputs));

    /// <summary>The digest of the run's environment; null when none is known.</summary>
    public string? EnvironmentDigest => Find(Inputs, EnvironmentKey);

    public string? LaunchDigest => Find(Inputs, LaunchKey);

    public IEnumerable<DatasetRecord> InputRecords() => StoredInput.Records(Unpack(Inputs));

    private static ImmutableArray<Tag> Unpack(byte[][] chunks)
    {
        if (chunks.Length == 0)
        {
            return [];
        }
        var fields = ImmutableArray.CreateBuilder<Tag>();
        foreach (var chunk in chunks)
        {
            PackedFields.Decode(chunk, fields);
        }
        return fields.ToImmutable();
    }

    private static string? Find(byte[][] chunks, ReadOnlySpan<byte> key)
    {
        foreach (var chunk in chunks)
        {
            if (PackedFields.Find(chunk, key) is { } value)
            {
                return value;
            }
        }
        return null;
    }

    private static int Weigh(byte[][] chunks) => chunks.Sum(static chunk => chunk.Length + 32);
}
