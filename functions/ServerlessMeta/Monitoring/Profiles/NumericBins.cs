using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Exact counts on edges that the baseline fixed (its quantiles; k+1 edges from its minimum to its maximum make k bins). Bin i is [e_i, e_{i+1}), the last one is closed.
/// Windows with the same edges merge by adding.
/// </summary>
/// <param name="Below">Values less than the first edge.</param>
/// <param name="Above">Values greater than the last edge.</param>
public sealed record NumericBins(ImmutableArray<double> Edges, ImmutableArray<long> Counts, long Below, long Above);
