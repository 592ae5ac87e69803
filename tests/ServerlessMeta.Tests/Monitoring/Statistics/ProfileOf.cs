using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Statistics;

/// <summary>Profiles made the plain way, value by value.</summary>
internal static class ProfileOf
{
    public static ImmutableArray<double> Edges(IEnumerable<double> values, int bins = 64)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length == 0 ? [] : [.. Enumerable.Range(0, bins + 1).Select(at => HistogramEdges.Quantile(sorted, (double)at / bins)).Distinct()];
    }

    /// <param name="values">NaN is missing.</param>
    public static ColumnProfile Numbers(IReadOnlyCollection<double> values, ImmutableArray<double> edges, string name = "x")
    {
        double[] there = [.. values.Where(double.IsFinite)];
        var mean = there.Length > 0 ? there.Average() : 0;
        double Power(int exponent) => there.Sum(value => Math.Pow(value - mean, exponent));
        var inside = new long[Math.Max(0, edges.Length - 1)];
        if (edges.Length > 1)
        {
            foreach (var (count, at) in Histogram.Count(there, [.. edges]).Select(static (count, at) => (count, at)))
            {
                inside[at] = (long)count;
            }
        }
        return new()
        {
            Name = name,
            Kind = ColumnKind.Numeric,
            Count = values.Count,
            Missing = values.Count(double.IsNaN),
            Infinite = values.Count(double.IsInfinity),
            Moments = new(there.Length, mean, Power(2), Power(3), Power(4)),
            Min = there.Length > 0 ? there.Min() : null,
            Max = there.Length > 0 ? there.Max() : null,
            Distinct = there.Distinct().Count(),
            Bins = edges.IsEmpty ? null : new(edges, [.. inside], there.Count(value => value < edges[0]), there.Count(value => value > edges[^1])),
        };
    }

    /// <param name="words">Null is missing.</param>
    public static ColumnProfile Words(IReadOnlyCollection<string?> words, string name = "x", int keep = int.MaxValue)
    {
        var counts = words.OfType<string>().CountBy(static word => word).OrderByDescending(static one => one.Value).ThenBy(static one => one.Key, StringComparer.Ordinal).ToList();
        return new()
        {
            Name = name,
            Kind = ColumnKind.Categorical,
            Count = words.Count,
            Missing = words.Count(static word => word is null),
            Distinct = counts.Count,
            Categories = new(
                counts.Take(keep).ToImmutableSortedDictionary(static one => one.Key, static one => (long)one.Value, StringComparer.Ordinal),
                counts.Skip(keep).Sum(static one => (long)one.Value), counts.Count <= keep),
        };
    }

    /// <summary>Of complete rows.</summary>
    public static CoMoments Together(IReadOnlyList<double[]> rows, params ImmutableArray<string> columns)
    {
        double[] mean = [.. columns.Select((_, at) => rows.Average(row => row[at]))];
        return new(columns, rows.Count, [.. mean], [.. columns.SelectMany((_, i) => columns.Select((_, j) => rows.Sum(row => (row[i] - mean[i]) * (row[j] - mean[j]))))]);
    }

    /// <summary>Standard normal, by Box and Muller.</summary>
    public static double Normal(this Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double[] Normals(this Random random, int count, double mean = 0, double deviation = 1) => [.. Enumerable.Range(0, count).Select(_ => mean + (deviation * random.Normal()))];
}
