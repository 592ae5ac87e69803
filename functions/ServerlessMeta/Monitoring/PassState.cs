using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring;

/// <summary>What a run knows of the target that it computes.</summary>
internal sealed class PassState(Watched watched, TargetLease lease, LabelBook labels, MonitoringTable table, MonitoringContents contents, ProfileCache profiles)
{
    private (int Number, BaselineRecord? Baseline) other;
    private (int Number, ImmutableArray<JoinedPrediction> Predictions) joined = (0, []);
    private string? detectors;
    private bool knowsDetectors;

    public Watched Watched => watched;

    public TargetLease Lease => lease;

    public LabelBook Labels => labels;

    public MonitorTarget Target => watched.Target;

    public string OptionsDigest { get; } = Monitoring.OptionsDigest.Of(watched.Options);

    /// <summary>A baseline by its number: the one in force is known, another is an operation. Null: there is none.</summary>
    public async Task<BaselineRecord?> BaselineAsync(int number, CancellationToken ct)
    {
        if (watched.Baseline?.Number == number)
        {
            return watched.Baseline;
        }
        if (other.Number != number)
        {
            other = (number, await table.FindAsync(MonitoringKeys.Partition(Target), MonitoringKeys.Baseline(Target, number), ct) is { } row ? BaselineRow.To(row) : null);
        }
        return other.Baseline;
    }

    /// <summary>The profile of a baseline; null: there is none.</summary>
    public async Task<DataProfile?> ProfileAsync(BaselineRecord? baseline, CancellationToken ct) => baseline is null ? null : await profiles.ReadAsync(baseline.ProfileBlob, ct);

    /// <summary>The predictions of a baseline; those of the last one are kept.</summary>
    public async Task<ImmutableArray<JoinedPrediction>> PredictionsAsync(BaselineRecord? baseline, CancellationToken ct)
    {
        if ((baseline?.Number ?? 0) != joined.Number)
        {
            joined = (baseline?.Number ?? 0, baseline?.PredictionsBlob is { } blob ? await PredictionBlob.ReadAsync(await contents.ReadAsync(blob, ct), ct) : []);
        }
        return joined.Predictions;
    }

    /// <summary>What detectors remember; null: nothing.</summary>
    public async Task<string?> DetectorsAsync(CancellationToken ct)
    {
        if (!knowsDetectors)
        {
            detectors = await table.FindAsync(MonitoringKeys.Partition(Target), MonitoringKeys.Detectors(Target), ct) is { } row ? DetectorRow.To(row) : null;
            knowsDetectors = true;
        }
        return detectors;
    }

    /// <summary>What they remember from now on: it was stored.</summary>
    public void Remember(string memory) => detectors = memory;
}
