using ServerlessMeta.Monitoring;

namespace ServerlessMeta.Triggers;

/// <summary>Counts the labelled predictions of the windows that start at a moment or later, each by its newest result.</summary>
internal delegate Task<long> CountLabelled(MonitorTarget target, DateTimeOffset since, CancellationToken ct);
