using System.Collections.Immutable;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>A part of the runs that a query finds, in its order.</summary>
/// <param name="Total">How many it finds.</param>
/// <param name="From">How many stand before the part.</param>
/// <param name="Runs">The part; their datasets' schemas and profiles are not read.</param>
/// <param name="Ranges">Of each column that was asked for, over all that is found; null for one without numbers.</param>
public sealed record RunWindow(int Total, int From, ImmutableArray<Run> Runs, ImmutableArray<ValueRange?> Ranges);
