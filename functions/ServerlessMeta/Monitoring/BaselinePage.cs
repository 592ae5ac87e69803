using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>Baselines, the newest first.</summary>
public sealed record BaselinePage(ImmutableArray<BaselineView> Baselines, string? NextPageToken = null);
