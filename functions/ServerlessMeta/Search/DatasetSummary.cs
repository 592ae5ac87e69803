using ServerlessMeta.Experiments;

namespace ServerlessMeta.Search;

/// <summary>A dataset that runs of an experiment read, in a context; null when the use says none.</summary>
public sealed record DatasetSummary(ExperimentId Experiment, string Name, string Digest, string? Context);
