using ServerlessMeta.Monitoring;

namespace ServerlessMeta.Triggers;

/// <summary>Reads the results of what is watched, of each window its newest, from a moment on, in any order.</summary>
internal delegate IAsyncEnumerable<WindowResult> ListResults(MonitorTarget target, DateTimeOffset? from, CancellationToken ct);
