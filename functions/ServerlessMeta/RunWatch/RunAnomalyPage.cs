using System.Collections.Immutable;

namespace ServerlessMeta.RunWatch;

/// <param name="Anomalies">The newest first.</param>
/// <param name="NextPageToken">Asks for the next page; absent on the last.</param>
public sealed record RunAnomalyPage(ImmutableArray<RunAnomalyView> Anomalies, string? NextPageToken = null);
