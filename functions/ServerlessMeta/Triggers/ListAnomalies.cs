using ServerlessMeta.Experiments;
using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Triggers;

/// <summary>Reads what was found wrong with the runs of an experiment since a moment.</summary>
internal delegate IAsyncEnumerable<RunAnomaly> ListAnomalies(ExperimentId experiment, DateTimeOffset since, CancellationToken ct);
