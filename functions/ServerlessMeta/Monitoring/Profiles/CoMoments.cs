using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Of the rows that have finite numbers in all of these columns (64 at most): how many, the mean vector, and the scatter matrix, sum of (x-mean)(x-mean)^T, row by row.</summary>
public sealed record CoMoments(ImmutableArray<string> Columns, long Count, ImmutableArray<double> Mean, ImmutableArray<double> Scatter);
