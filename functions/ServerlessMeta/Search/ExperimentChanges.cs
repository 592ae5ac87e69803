using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>How the runs of an experiment stand.</summary>
/// <param name="Experiment">The experiment itself.</param>
/// <param name="Mark">Differs when a run changed.</param>
/// <param name="Changed">The runs that changed since the mark that was asked about; null when that is not known.</param>
internal sealed record ExperimentChanges(Experiment Experiment, ulong Mark, ImmutableArray<RunRecord>? Changed);
