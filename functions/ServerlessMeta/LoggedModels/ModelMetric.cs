using ServerlessMeta.Metrics;
using ServerlessMeta.Runs;

namespace ServerlessMeta.LoggedModels;

/// <summary>A metric of a logged model: a point that a run logged, and the dataset it was measured on, when one was named. A set member, as a run's points are.</summary>
public readonly record struct ModelMetric(MetricPoint Point, RunId Run, string? DatasetName, string? DatasetDigest);
