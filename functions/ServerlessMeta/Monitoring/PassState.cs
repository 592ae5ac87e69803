using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring;

/// <summary>What a run knows of the target that it computes.</summary>
internal sealed class PassState(Watched watched, TargetLease lease, LabelBook labels, MonitoringTable table, MonitoringContents contents, ProfileCache profiles)
{
    private DataProfile? baseline;
    private ImmutableArray<JoinedPrediction> baselinePredictions;
    private string? detectors;
    private bool knowsDetectors;

    public Watched Watched => watched;

    public TargetLease Lease => lease;

    public LabelBook Labels => labels;

    public MonitorTarget Target => watched.Target;

    public string OptionsDigest { get; } = Monitoring.OptionsDigest.Of(watched.Options);

    /// <summary>The profile of the baseline in force; null: there is none.</summary>
    public async Task<DataProfile?> BaselineAsync(CancellationToken ct) =>
        watched.Baseline is null ? null : baseline ??= await profiles.ReadAsync(watched.Baseline.ProfileBlob, ct);

    public async Task<ImmutableArray<JoinedPrediction>> BaselinePredictionsAsync(CancellationToken ct)
    {
        if (baselinePredictions.IsDefault)
        {
            baselinePredictions = watched.Baseline?.PredictionsBlob is { } blob ? await PredictionBlob.ReadAsync(await contents.ReadAsync(blob, ct), ct) : [];
        }
        return baselinePredictions;
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
