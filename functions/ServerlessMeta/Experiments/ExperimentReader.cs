using System.Collections.Concurrent;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Experiments;

/// <summary>
/// Reads experiments, fresh or as last seen. A run's effective stage needs its experiment's, so run reads ask here; concurrent
/// askers share one read that starts after they came.
/// </summary>
public sealed class ExperimentReader(StorageClients storage, TimeProvider time)
{
    // How long a creator trusts what it saw: a run created meanwhile in a deleted experiment carries an old epoch, which reads as deleted.
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ExperimentId, JoinedCall<Experiment?>> calls = new();
    private readonly ConcurrentDictionary<ExperimentId, (Experiment Experiment, long At)> seen = new();

    /// <summary>The experiment as it is now: one operation, shared with concurrent callers.</summary>
    public Task<Experiment?> FindAsync(ExperimentId id, CancellationToken ct) =>
        calls.GetOrAdd(id, asked => new JoinedCall<Experiment?>(() => ReadAsync(asked))).RunAsync().WaitAsync(ct);

    /// <summary>The experiment as seen at most five seconds ago, without an operation then.</summary>
    internal async Task<Experiment?> FindRecentAsync(ExperimentId id, CancellationToken ct) =>
        seen.TryGetValue(id, out var last) && time.GetElapsedTime(last.At) < Trusted ? last.Experiment : await FindAsync(id, ct);

    /// <summary>The experiment as last seen, however long ago; null when never.</summary>
    internal Experiment? LastSeen(ExperimentId id) => seen.TryGetValue(id, out var last) ? last.Experiment : null;

    internal void Saw(Experiment experiment)
    {
        var now = (experiment, time.GetTimestamp());
        seen.AddOrUpdate(experiment.Id, now, (_, old) => old.Experiment.Epoch > experiment.Epoch ? old : now);
    }

    private async Task<Experiment?> ReadAsync(ExperimentId id)
    {
        var row = await storage.Experiments.GetEntityIfExistsAsync<TableEntity>(
            ExperimentKeys.Partition, ExperimentKeys.Experiment(id), cancellationToken: CancellationToken.None);
        if (!row.HasValue)
        {
            calls.TryRemove(id, out _);
            return null;
        }
        var experiment = ExperimentRow.To(row.Value!);
        Saw(experiment);
        return experiment;
    }
}
