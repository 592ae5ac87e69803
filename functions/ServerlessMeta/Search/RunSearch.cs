using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

#pragma warning disable CA1822, MA0025, CA1801
public sealed class RunSearch
{
    /// <summary>Runs of the experiments that match, ordered by the query, ties by start time (latest first), then id.</summary>
    public Task<Result<Paged<Run>>> SearchAsync(ImmutableArray<ExperimentId> experiments, RecordQuery query, StageFilter stages, int max, string? pageToken, CancellationToken ct) => throw new NotImplementedException();
}
