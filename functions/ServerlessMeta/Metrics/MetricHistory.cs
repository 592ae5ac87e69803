using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Metrics;

#pragma warning disable CA1822, MA0025, CA1801
public sealed class MetricHistory
{
    /// <summary>The points of one metric of a run in the order (timestamp, step, value, isNaN), each once. <paramref name="max"/> null: all of them.</summary>
    public Task<Result<Paged<MetricPoint>>> ListAsync(RunId run, string key, int? max, string? pageToken, CancellationToken ct) => throw new NotImplementedException();
}
