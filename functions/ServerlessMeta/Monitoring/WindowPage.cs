using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>Windows in the order of their starts.</summary>
public sealed record WindowPage(ImmutableArray<WindowView> Windows, string? NextPageToken = null);
