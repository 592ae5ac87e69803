using System.Collections.Immutable;
using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Ui.RunDetails;

/// <param name="Id">The run's.</param>
/// <param name="Anomalies">The newest first.</param>
/// <param name="Next">The page behind this one.</param>
public sealed record AnomaliesModel(string Id, ImmutableArray<RunAnomaly> Anomalies, string? Next);
