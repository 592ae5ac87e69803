using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>Results, those of the windows that start last first.</summary>
public sealed record ResultPage(ImmutableArray<ResultEntryView> Results, string? NextPageToken = null);
