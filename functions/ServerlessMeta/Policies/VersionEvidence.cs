using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Reproduction;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.Policies;

/// <summary>What other features know of a version: its files, their verification, whether its run can be run again, whether it drifts.</summary>
internal sealed class VersionEvidence(VersionFiles files, VerificationStore verifications, RebuildReader rebuild, IEnumerable<OpenDriftAlerts> drift)
{
    public Task<VersionContent> ContentAsync(ModelVersion version, CancellationToken ct) => files.ReadAsync(version, ct);

    public Task<Verification?> VerificationAsync(ModelVersion version, CancellationToken ct) => verifications.FindLastAsync(version.Model, version.Number, null, ct);

    /// <summary>Null when the version has no run, or its run is gone.</summary>
    public async Task<Reproducibility?> ReproducibilityAsync(ModelVersion version, CancellationToken ct) =>
        version.Run is { } run && await rebuild.ReadAsync(run, ct) is { IsOk: true } record ? Reproducibility.Of(record.Value) : null;

    /// <summary>Null when nothing watches the version.</summary>
    public async Task<IReadOnlyList<string>?> AlertsAsync(RegisteredModel model, int version, CancellationToken ct)
    {
        List<string>? open = null;
        foreach (var source in drift)
        {
            if (await source(model, version, ct) is { } alerts)
            {
                (open ??= []).AddRange(alerts);
            }
        }
        return open;
    }
}
