using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>Monitors without a model, in the order of their names.</summary>
public sealed record MonitorPage(ImmutableArray<MonitorView> Monitors, string? NextPageToken = null);
