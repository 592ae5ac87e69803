using System.Collections.Immutable;
using ServerlessMeta.Monitoring;

namespace ServerlessMeta.Triggers;

/// <summary>With what the windows of a target are compared beside its baseline; null: it is not watched yet.</summary>
internal delegate Task<ImmutableArray<string>?> FindCompared(MonitorTarget target, CancellationToken ct);
